"""The servers that episodes of the compiled engine have at a moment: those that serve them and those that they keep."""

from paysim.jit import kernel
from paysim.simulation.compiled_engine.event_list import NUMBER_BITS, TICK_SHIFT
from paysim.simulation.compiled_engine.state import NO_SERVICE
from paysim.simulation.order import END_OF_SERVICE


@kernel
def find_busy(slots, asides, registers, service, since):  # type: ignore[no-untyped-def]
    """Write the service and the tick of the start of every server that is taken; return how many there are.

    A slot is one of a visit under way if the end of one is its next event, which has not happened yet.
    """
    count = 0
    for slot in range(len(slots)):
        if slots[slot].held != NO_SERVICE:
            service[count], since[count] = slots[slot].held, asides[slot].start
            count += 1
        key = slots[slot].key
        if key >> TICK_SHIFT >= registers[0].now and key >> NUMBER_BITS & 3 == END_OF_SERVICE:
            service[count], since[count] = slots[slot].service, slots[slot].start
            count += 1
    return count

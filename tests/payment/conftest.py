from hypothesis import settings

# The first example of a test may have to compile kernels.
settings.register_profile("kernels", deadline=None)
settings.load_profile("kernels")

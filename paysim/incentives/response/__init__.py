"""How organisations respond: outcomes as functions of intensities, what each wants, and where that ends."""

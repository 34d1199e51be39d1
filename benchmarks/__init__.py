"""Side-by-side measurements, run by hand; the numbers in notes and cards come from here."""

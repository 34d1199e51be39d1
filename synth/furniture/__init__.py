"""Furniture: categories in metric sizes, built from parts. ``table.FURNITURE`` lists them all.

``tiny`` holds the 17 categories, colours and words of the tiny models.
"""

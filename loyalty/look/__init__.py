"""How a card looks: its design, its picture, the sheets it is printed on."""

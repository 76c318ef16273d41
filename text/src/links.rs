//! What is, or pretends to be, an address.

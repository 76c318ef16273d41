//! Roomkey.

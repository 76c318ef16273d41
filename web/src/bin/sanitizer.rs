//! The second module: makes text with markup in it safe. It sees message texts, never a key.

use std::alloc::System;

use text::{Filters, render as render_text, render_formatted as format_text};
use wasm_bindgen::prelude::wasm_bindgen;
use zeroizing_alloc::ZeroAlloc;

/// Messages pass through here: what is given back is overwritten first.
#[global_allocator]
static MEMORY: ZeroAlloc<System> = ZeroAlloc(System);

/// Renders a message under the filters of [`Filters::to_byte`], in the layout of
/// [`text::Rendered::to_bytes`]. An unknown filter byte means the defaults.
#[wasm_bindgen]
pub fn render(text: &str, filters: u8) -> Vec<u8> {
    render_text(text, &Filters::from_byte(filters).unwrap_or_default()).to_bytes()
}

/// The same for a text with Markdown and HTML in it.
#[wasm_bindgen]
pub fn render_formatted(text: &str, filters: u8) -> Vec<u8> {
    format_text(text, &Filters::from_byte(filters).unwrap_or_default()).to_bytes()
}

fn main() {}

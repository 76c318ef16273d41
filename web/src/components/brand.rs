//! The mark and the name.

use yew::prelude::*;

use crate::words::words;

/// The product's mark: a key tag with a keyhole.
pub fn brand() -> Html {
    html! {
        <span class="brand">
            <svg viewBox="0 0 32 32" aria-hidden="true" focusable="false">
                <path
                    fill="currentColor"
                    fill-rule="evenodd"
                    d="M13.3 2.6a6 6 0 0 1 5.4 0l8 4.2A4 4 0 0 1 28.8 10.3v11.4a4 4 0 0 1-2.1 3.5l-8 4.2a6 6 0 0 1-5.4 0l-8-4.2a4 4 0 0 1-2.1-3.5V10.3a4 4 0 0 1 2.1-3.5zM16 9a4.5 4.5 0 0 0-2.2 8.4L12.5 23h7l-1.3-5.6A4.5 4.5 0 0 0 16 9z"
                />
            </svg>
            { words().product }
        </span>
    }
}

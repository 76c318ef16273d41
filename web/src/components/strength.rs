//! How hard a room name is to guess: the teeth of a key, and the same in words.

use yew::prelude::*;

use crate::naming::{Grade, Strength};
use crate::words::words;

/// The meter under the room name field.
pub fn strength_meter(strength: &Strength) -> Html {
    let words = words();
    let (class, level) = match strength.level {
        Grade::Strong => ("strength-strong", words.strength_strong),
        Grade::OkForToday => ("strength-today", words.strength_today),
        Grade::Guessable => ("strength-guessable", words.strength_guessable),
    };
    let teeth = (0..5u8).map(|tooth| {
        let x = 24 + u32::from(tooth) * 9;
        let depth = [6, 9, 5, 8, 6][usize::from(tooth)];
        let off = (tooth >= strength.bars()).then_some("tooth-off");
        html! { <path key={tooth} class={classes!(off)} d={format!("M{x} 8h5v{depth}h-5z")} /> }
    });
    html! {
        <div class={classes!("strength", class)}>
            <svg class="strength-key" viewBox="0 0 72 20" fill="currentColor" aria-hidden="true" focusable="false">
                <path fill-rule="evenodd" d="M10 0a10 10 0 0 1 9.8 8H72v3H19.8A10 10 0 1 1 10 0zm-2.5 6.5a3 3 0 1 0 0 6a3 3 0 1 0 0-6z" />
                { for teeth }
            </svg>
            <p class="strength-text">
                <span class="strength-level">{ level }</span>
                { " " }
                { &strength.cost }
            </p>
        </div>
    }
}

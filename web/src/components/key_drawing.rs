//! The large key on the first screen. Its teeth follow what is typed: the name is the key.

use std::fmt::Write as _;

use yew::prelude::*;

/// A key with a tooth for every few characters of the room name as typed; without one, a blank key.
/// Only a picture: nothing is computed from it.
pub fn key_drawing(name: &str) -> Html {
    html! {
        <svg class="join-key" viewBox="0 0 440 132" fill="currentColor" aria-hidden="true" focusable="false">
            <path fill-rule="evenodd" d="M62 6h0a60 60 0 0 1 57 41.5q2.5 6.5 9.5 6.5h285l20 12v6H128.5q-7 0-9.5 6.5A60 60 0 1 1 62 6zm-18 42a18 18 0 1 0 0 36a18 18 0 1 0 0-36z" />
            <path class="keycut" d={teeth(name)} />
        </svg>
    }
}

const TEETH: usize = 18;

/// The cut below the blade: always the same number of points, so that it can move.
fn teeth(name: &str) -> String {
    let mut depths = [0_u32; TEETH];
    let length = name.chars().count().max(1);
    let mut mixed = 0x811c_9dc5_u32;
    for (index, character) in name.chars().enumerate() {
        mixed = (mixed ^ u32::from(character)).wrapping_mul(0x0100_0193);
        // A short name cuts only the first teeth.
        let place = if length <= TEETH {
            index
        } else {
            index * TEETH / length
        };
        depths[place] = 8 + (mixed >> 13) % 5 * 8;
    }
    let mut path = String::from("M150 71");
    for (index, depth) in depths.iter().enumerate() {
        let x = 150 + index * 14;
        let y = 71 + depth;
        let _ = write!(path, "L{x} {y}L{} {y}", x + 10);
    }
    path.push_str("L412 71Z");
    path
}

#[cfg(test)]
mod tests {
    use super::teeth;

    #[test]
    fn every_name_cuts_the_same_number_of_points() {
        let points = |name: &str| teeth(name).matches('L').count();
        assert_eq!(points(""), points("maple-orbit-tulip-canyon-velvet"));
        assert_eq!(points("ab"), points("名前"));
    }

    #[test]
    fn another_name_is_another_key() {
        assert_ne!(teeth("maple"), teeth("mople"));
    }
}

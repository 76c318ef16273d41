//! `roomkey new`: a name that nobody guesses, as a link and as a picture.

use std::io::{Write as _, stdout};

use client::link;
use crypto::name::RoomName;
use qrcode::QrCode;
use qrcode::render::unicode::Dense1x2;
use sdk::rng;

use crate::args::{NewArguments, RelayArguments};
use crate::exit::{Exit, Failure};
use crate::room;

pub(crate) fn run(arguments: NewArguments, relay: &RelayArguments) -> Result<(), Failure> {
    let Some(address) = &relay.relay else {
        return Err(Failure::new(
            Exit::Usage,
            "say which relay: --relay https://chat.example, or set ROOMKEY_RELAY",
        ));
    };
    let base = room::connect(address, relay)?.base();
    let name = RoomName::generate(&mut rng());
    let pin = relay.relay_key.as_ref().filter(|_| arguments.pinned);
    let link = link::make(&base, &name, pin);
    let mut text = String::new();
    if arguments.quiet {
        text.push_str(&link);
        text.push('\n');
    } else {
        text.push_str(&format!("\n  {}\n\n  {link}\n\n", name.as_str()));
        if let Ok(code) = QrCode::new(&link) {
            let image = code
                .render::<Dense1x2>()
                .dark_color(Dense1x2::Light)
                .light_color(Dense1x2::Dark)
                .build();
            for line in image.lines() {
                text.push_str(&format!("  {line}\n"));
            }
        }
        text.push_str("\n  Whoever has the link can read along: send it to nobody else.\n");
    }
    stdout()
        .lock()
        .write_all(text.as_bytes())
        .map_err(Failure::output)
}

//! A whole bot in Rust: it repeats what people say.
//!
//! ```text
//! ROOMKEY_RELAY=http://127.0.0.1:8080 ROOMKEY_ROOM=blue-otter cargo run -p roomkey-sdk --example echo
//! ```

use client::{Body, BotDisclosure, DisplayName, Event, Status};
use crypto::name::RoomName;
use sdk::{Door, Relay};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let relay = Relay::new(&std::env::var("ROOMKEY_RELAY")?, None, None)?;
    let room = RoomName::parse(&std::env::var("ROOMKEY_ROOM")?)?;
    let mut door = Door::find(relay, room, None, None).await?;
    door.bot = Some(BotDisclosure {
        destination: "nowhere: it only repeats".to_owned(),
    });
    let mut member = door.enter(DisplayName::parse("Echo")?, true);
    while let Some(event) = member.next().await {
        match event {
            // What was said before we came is not for us to repeat.
            Event::Said(message) if !message.mine && !message.replayed => {
                let (from, private) = (message.from, message.to.is_some());
                if let Body::Text(text) = message.body {
                    let answer = Body::text(format!("{} said: {}", message.name, text.text));
                    member
                        .drive(move |session, now, rng| {
                            if private {
                                session.say_to(from, answer, now, rng)
                            } else {
                                session.post(answer, now, rng)
                            }
                        })
                        .await
                        .ok_or("the session is gone")??;
                }
            }
            Event::Status(Status::Ended(_)) => break,
            _ => {}
        }
    }
    Ok(())
}

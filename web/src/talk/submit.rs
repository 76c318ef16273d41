//! From what stands in the text field to what is said, and to whom.

use std::time::Duration;

use client::{Body, Text};

use super::command::{Line, Order, read};
use super::complete::expand;
use super::whom::{Meant, meant};
use crate::components::format_bar::style_of;
use crate::handle::Handle;
use crate::state::{self, About, Log, People, PersonId, Rules};
use crate::translate::message_id;
use crate::words::{fill, life, talk};

/// What the text field shows beside the text at the moment of Enter. Everything that decides who gets the text is
/// here, and nothing else is asked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Shown {
    /// Whom the chip names; `None` is "Everyone".
    pub scope: Option<PersonId>,
    /// What the bar above says.
    pub about: About,
    /// The timer that is set.
    pub timer: Option<Duration>,
    /// Every character is meant as it stands.
    pub is_plain: bool,
}

/// What there is to do after a line was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum After {
    /// It was said, or done.
    Nothing,
    /// The commands are to be shown.
    Help,
    /// The ways to get somebody in.
    Invite,
    /// Saving the conversation.
    Export,
    /// Searching it, for this.
    Search(String),
    /// An empty screen.
    Clear,
    /// Somebody is to be muted, or heard again.
    Mute(PersonId),
    /// The timer for what follows.
    Timer(Duration),
    /// Somebody is to be removed, once that was confirmed.
    Remove(PersonId),
    /// Somebody is to be compared with.
    Verify(PersonId),
    /// Whom to move to a fresh room with is to be chosen.
    Leap,
    /// The room is to be closed for everybody, once that was confirmed.
    Purge,
    /// Files are to be chosen.
    File,
}

/// What a line is read against.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    /// Who is here.
    pub people: &'a People,
    /// What was said.
    pub log: &'a Log,
    /// What holds here, and who says so.
    pub rules: &'a Rules,
    /// The relay takes files.
    pub takes_files: bool,
}

/// Takes a line. `Err` is one sentence, and the line stays where it is.
///
/// # Errors
/// What is wrong with it.
pub fn submit(
    text: &str,
    shown: &Shown,
    handle: &Handle,
    scene: Scene<'_>,
) -> Result<After, String> {
    let words = talk();
    let Scene { people, log, .. } = scene;
    // Whoever changes what they said means the words, whatever they begin with.
    let line = match shown.about {
        About::Edit(_) => Line::Words(text.to_owned()),
        About::Nothing | About::Answer(_) => read(text),
    };
    let order = match line {
        Line::Words(text) => {
            handle.post(body(&text, shown, log)?, shown.scope)?;
            return Ok(After::Nothing);
        }
        Line::Unknown(name) => return Err(fill(words.unknown_command, &[("name", &name)])),
        Line::Incomplete(name) => return Err(fill(words.incomplete_command, &[("name", name)])),
        Line::Order(order) => order,
    };
    match order {
        Order::Me(text) => handle.post(Body::Action(prose(&text, shown)), shown.scope)?,
        Order::Topic(text) => handle.post(Body::Topic(text), None)?,
        Order::Whisper(rest) => {
            let (to, text) = one(&rest, people)?;
            handle.post(Body::Text(prose(&text, shown)), Some(to))?;
        }
        Order::Answer(text) => {
            let to = log.newest_private().ok_or(words.nobody_wrote)?;
            handle.post(Body::Text(prose(&text, shown)), Some(to))?;
        }
        Order::Timer(stays, text) if text.is_empty() => return Ok(After::Timer(stays)),
        Order::Timer(stays, text) => {
            let text = prose(&text, shown);
            handle.post(Body::Timed { stays, text }, shown.scope)?;
        }
        Order::Nick(name) => handle.rename(name)?,
        Order::Ignore(rest) => return Ok(After::Mute(one(&rest, people)?.0)),
        Order::Exit => handle.leave(),
        Order::Lock(locked) => rule(state::Order::Lock(locked), handle, scene)?,
        Order::Lifetime(time) => rule(state::Order::Lifetime(time), handle, scene)?,
        Order::Remove(rest) => {
            let (who, _) = one(&rest, people)?;
            if !scene.rules.mine {
                return Err(life().order_not_holder.to_owned());
            }
            return Ok(After::Remove(who));
        }
        Order::Verify(rest) => return Ok(After::Verify(one(&rest, people)?.0)),
        Order::Purge if !scene.rules.may_purge => return Err(life().order_not_holder.to_owned()),
        Order::Purge => return Ok(After::Purge),
        Order::Leap => return Ok(After::Leap),
        Order::UndoPurge => handle.undo_purge(),
        Order::File if !scene.takes_files => return Err(crate::words::files().no_files.to_owned()),
        Order::File => return Ok(After::File),
        Order::Clear => return Ok(After::Clear),
        Order::Help => return Ok(After::Help),
        Order::Invite => return Ok(After::Invite),
        Order::Export => return Ok(After::Export),
        Order::Search(wanted) => return Ok(After::Search(wanted)),
    }
    Ok(After::Nothing)
}

/// Lays down a rule, or says whose it is to lay down.
fn rule(order: state::Order, handle: &Handle, scene: Scene<'_>) -> Result<(), String> {
    if !scene.rules.mine {
        return Err(life().order_not_holder.to_owned());
    }
    handle.govern(order);
    Ok(())
}

fn body(text: &str, shown: &Shown, log: &Log) -> Result<Body, String> {
    let text = prose(text, shown);
    // Where the bar and the chip belong to different conversations, the chip counts.
    let about = |line| {
        let said = log.said(line)?;
        let is_here = said.partner() == shown.scope;
        message_id(&said.id).filter(|_| is_here)
    };
    Ok(match (shown.about, shown.timer) {
        (About::Edit(line), _) => {
            let of = about(line).ok_or(talk().cannot_edit)?;
            Body::Edit { of, text }
        }
        (_, Some(stays)) => Body::Timed { stays, text },
        (About::Answer(line), None) => match about(line) {
            Some(to) => Body::Reply { to, text },
            None => Body::Text(text),
        },
        (About::Nothing, None) => Body::Text(text),
    })
}

fn prose(text: &str, shown: &Shown) -> Text {
    // Between back-ticks stands code, in which colons are colons.
    let text = if text.contains('`') {
        text.to_owned()
    } else {
        expand(text)
    };
    Text {
        style: style_of(&text, shown.is_plain),
        text,
    }
}

fn one(rest: &str, people: &People) -> Result<(PersonId, String), String> {
    match meant(rest, people) {
        Meant::One(id, rest) => Ok((id, rest)),
        Meant::Nobody => Err(talk().nobody_of_that_name.to_owned()),
        Meant::Several(ways) => Err(fill(
            talk().several_of_that_name,
            &[("names", &ways.join(", "))],
        )),
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::rc::Rc;

    use proptest::prelude::*;

    use super::*;
    use crate::handle::{Command, Commands, Talking};
    use crate::state::tests::people;

    #[derive(Default)]
    struct Recorder(RefCell<Vec<Command>>);

    impl Commands for Recorder {
        fn run(&self, command: Command) {
            self.0.borrow_mut().push(command);
        }
        fn room_name(&self) -> Option<String> {
            None
        }
        fn link(&self) -> Option<String> {
            None
        }
        fn can_share(&self) -> bool {
            false
        }
    }

    type Posts = Vec<(Option<PersonId>, Body)>;

    fn ran(text: &str, shown: &Shown, rules: &Rules) -> (Result<After, String>, Vec<Command>) {
        let recorder = Rc::new(Recorder::default());
        let handle = Handle::new(Rc::clone(&recorder) as Rc<dyn Commands>);
        let people = people(&[("Me", 1), ("Brave Heron", 2), ("Anna", 3), ("Anna", 4)]);
        let scene = Scene {
            people: &people,
            log: &Log::default(),
            rules,
            takes_files: rules.mine,
        };
        let result = submit(text, shown, &handle, scene);
        (result, recorder.0.take())
    }

    fn sent(text: &str, shown: &Shown) -> (Result<After, String>, Posts) {
        let (result, commands) = ran(text, shown, &Rules::default());
        let posts = commands.into_iter().filter_map(|command| match command {
            Command::Talk(Talking::Post { to, body }) => Some((to, body)),
            _ => None,
        });
        (result, posts.collect())
    }

    fn to(id: u8) -> Shown {
        Shown {
            scope: Some(PersonId([id; 16])),
            ..Shown::default()
        }
    }

    #[test]
    fn an_unknown_command_is_never_sent_and_says_so() {
        for shown in [Shown::default(), to(2)] {
            let (result, posts) = sent("/purgee now", &shown);
            assert!(result.is_err_and(|sentence| sentence.contains("purgee")));
            assert!(posts.is_empty());
        }
    }

    #[test]
    fn a_whisper_goes_to_the_one_it_names_whatever_the_chip_says() {
        for shown in [Shown::default(), to(3)] {
            let (_, posts) = sent("/w @Brave Heron psst", &shown);
            assert_eq!(posts, [(Some(PersonId([2; 16])), Body::text("psst"))]);
        }
        let (result, posts) = sent("/w Anna psst", &Shown::default());
        assert!(result.is_err_and(|sentence| sentence.contains("@Anna·tag3")));
        assert!(posts.is_empty());
    }

    #[test]
    fn short_codes_become_emoji_outside_of_code() {
        let (_, posts) = sent("ok :+1:", &Shown::default());
        assert_eq!(posts[0].1, Body::text("ok 👍"));
        let (_, posts) = sent("`:+1:`", &Shown::default());
        assert!(matches!(&posts[0].1, Body::Text(said) if said.text == "`:+1:`"));
    }

    #[test]
    fn rules_are_laid_down_by_those_who_govern_and_by_nobody_else() {
        use crate::state::{Lifetime, Order::*};
        let governs = Rules {
            mine: true,
            may_purge: true,
            ..Rules::default()
        };
        for (line, order) in [
            ("/lock", Lock(true)),
            ("/unlock", Lock(false)),
            ("/ttl 24h", Lifetime(Lifetime::Day)),
        ] {
            let (result, commands) = ran(line, &Shown::default(), &governs);
            assert_eq!(
                (result, commands),
                (Ok(After::Nothing), vec![Command::Govern(order)])
            );
        }
        // What cannot be taken back is confirmed where the button for it is confirmed.
        for (line, after) in [
            ("/kick @Brave Heron", After::Remove(PersonId([2; 16]))),
            ("/purge", After::Purge),
            ("/leap", After::Leap),
            ("/verify Brave Heron", After::Verify(PersonId([2; 16]))),
            ("/file", After::File),
        ] {
            let (result, commands) = ran(line, &to(3), &governs);
            assert_eq!((result, commands), (Ok(after), vec![]), "{line}");
        }
        let (_, commands) = ran("/purge stop", &Shown::default(), &governs);
        assert_eq!(commands, [Command::UndoPurge]);
        for line in [
            "/lock",
            "/unlock",
            "/ttl 1h",
            "/ban Brave Heron",
            "/purge",
            "/file",
            "/kick Anna",
            "/verify nobody",
        ] {
            let (result, commands) = ran(line, &Shown::default(), &Rules::default());
            assert!(result.is_err(), "{line}");
            assert_eq!(commands, [], "{line}");
        }
    }

    #[test]
    fn the_topic_is_everybodys() {
        let (_, posts) = sent("/topic lunch", &to(2));
        assert_eq!(posts, [(None, Body::Topic("lunch".to_owned()))]);
    }

    proptest! {
        #[test]
        fn words_go_to_whom_the_chip_names_and_to_nobody_else(
            text in "[a-zA-Z@:. \\n]{1,40}x",
            scope in proptest::option::of(2_u8..5),
            timer in proptest::option::of(10_u64..100),
        ) {
            let shown = Shown {
                scope: scope.map(|id| PersonId([id; 16])),
                timer: timer.map(Duration::from_secs),
                ..Shown::default()
            };
            let (result, posts) = sent(&text, &shown);
            prop_assert_eq!(result, Ok(After::Nothing));
            prop_assert_eq!(posts.len(), 1);
            prop_assert_eq!(posts[0].0, shown.scope);
        }
    }
}

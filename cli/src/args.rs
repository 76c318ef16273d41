//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Args, Parser, Subcommand, ValueEnum};
use crypto::tunnel::Fingerprint;
use crypto::wire::{Lifetime, RoomMode};
use sdk::Proxy;
use text::FilterState;

const AFTER: &str = "\
The room's name is its key, and command lines are seen by other users of this machine and kept by shells. \
Leave the room out to be asked for it, put it into ROOMKEY_ROOM, or into a file named with --room-file.

Exit codes: 0 all went well, 1 something local failed, 2 wrong usage, 3 relay not reached, 4 relay not trusted, \
5 not let in, 6 the room ended, 7 a message or a file was not delivered, 8 versions differ, 130 interrupted.";

/// End-to-end encrypted rooms in a terminal. The room's name is its key.
#[derive(Debug, Parser)]
#[command(name = "roomkey", version, after_long_help = AFTER)]
pub struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
    #[command(flatten)]
    pub(crate) relay: RelayArguments,
}

/// Which relay, and how to get there.
#[derive(Debug, Args)]
pub(crate) struct RelayArguments {
    /// The relay, for example https://chat.example. A whole link names its relay itself.
    #[arg(long, global = true, env = "ROOMKEY_RELAY", value_name = "URL")]
    pub(crate) relay: Option<String>,
    /// Go through this SOCKS proxy, which also resolves names: socks5h://127.0.0.1:9050 for Tor.
    #[arg(
        long,
        global = true,
        env = "ROOMKEY_PROXY",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(crate) proxy: Option<Proxy>,
    /// Insist on this key of the relay, as it prints it at start. A link may name it too.
    #[arg(long, global = true, env = "ROOMKEY_RELAY_KEY", value_name = "FINGERPRINT", value_parser = fingerprint)]
    pub(crate) relay_key: Option<Fingerprint>,
    /// A PEM file with the relay's own certificate, or that of its authority.
    #[arg(long, global = true, env = "ROOMKEY_CA", value_name = "FILE")]
    pub(crate) ca: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Make a name for a new room and print its link, also as a QR code.
    New(NewArguments),
    /// Enter a room and talk.
    Join(JoinArguments),
    /// Say one thing: the words given, or everything on standard input. Waits until the relay has it.
    Send(SendArguments),
    /// Print what is said, line by line.
    Tail(TailArguments),
    /// Send files into a room, or fetch what is offered there.
    #[command(subcommand)]
    File(FileCommand),
    /// Run a program as a member: events come to its standard input, commands from its standard output, as JSON lines.
    Bot(BotArguments),
    /// Compare the app that a relay serves with the hashes that this program was built with.
    Verify {
        /// The relay's address.
        url: String,
        /// Compare with the files of this built app instead, for example target/app.
        #[arg(long, value_name = "DIR")]
        app: Option<PathBuf>,
    },
    /// Check a relay from outside and say how to mend what is wrong.
    Doctor {
        /// The relay's address.
        url: String,
    },
    /// Print a script that completes this program's arguments in a shell.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or that of one command: `roomkey man file send`.
    Man {
        /// The command.
        #[arg(value_name = "COMMAND")]
        of: Vec<String>,
    },
}

/// Which room, and as whom.
#[derive(Debug, Args)]
pub(crate) struct RoomArguments {
    /// A link or a room's name. Better left out: see below.
    #[arg(value_name = "LINK|NAME", env = "ROOMKEY_ROOM", hide_env_values = true)]
    pub(crate) room: Option<String>,
    #[command(flatten)]
    pub(crate) visit: VisitArguments,
}

/// Which room, where the arguments are files.
#[derive(Debug, Args)]
pub(crate) struct NamedRoomArguments {
    /// A link or a room's name. Better left out: see below.
    #[arg(
        long,
        value_name = "LINK|NAME",
        env = "ROOMKEY_ROOM",
        hide_env_values = true
    )]
    pub(crate) room: Option<String>,
    #[command(flatten)]
    pub(crate) visit: VisitArguments,
}

/// As whom, and what the room is to be like.
#[derive(Debug, Args)]
pub(crate) struct VisitArguments {
    /// A file whose first line is the link or the name.
    #[arg(long, value_name = "FILE", conflicts_with = "room")]
    pub(crate) room_file: Option<PathBuf>,
    /// A file whose first line is the room's second secret. Or put it into ROOMKEY_SECRET.
    #[arg(long, value_name = "FILE")]
    pub(crate) secret_file: Option<PathBuf>,
    /// The name you go by.
    #[arg(long = "as", value_name = "NAME", env = "ROOMKEY_NAME")]
    pub(crate) name: Option<String>,
    /// What newcomers read: the last 35 messages unless told, if you are the first one in. Where it is given, a room that
    /// is of another kind is not entered.
    #[arg(long, value_enum)]
    pub(crate) newcomers: Option<Newcomers>,
    /// When the room closes, if you are the first one in.
    #[arg(long, value_enum, default_value_t = Closes::Hour)]
    pub(crate) closes: Closes,
}

/// How much newcomers read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Newcomers {
    /// Nothing from before they came: safest.
    #[value(name = "nothing")]
    Nothing,
    /// The last 35 messages.
    #[value(name = "35")]
    Last35,
    /// The last 200 messages.
    #[value(name = "200")]
    Last200,
}

impl Filter {
    pub(crate) fn state(self) -> FilterState {
        match self {
            Self::Show => FilterState::Show,
            Self::Neutralise => FilterState::Neutralise,
            Self::Hide => FilterState::Hide,
        }
    }
}

impl Newcomers {
    pub(crate) fn mode(self) -> (RoomMode, u16) {
        match self {
            Self::Nothing => (RoomMode::ForwardSecret, 0),
            Self::Last35 => (RoomMode::OpenHistory, 35),
            Self::Last200 => (RoomMode::OpenHistory, 200),
        }
    }
}

/// How long a room lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Closes {
    /// After 15 minutes.
    #[value(name = "15m")]
    Quarter,
    /// After an hour.
    #[value(name = "1h")]
    Hour,
    /// After a day.
    #[value(name = "24h")]
    Day,
    /// After a week.
    #[value(name = "7d")]
    Week,
    /// When the last one has left.
    #[value(name = "empty")]
    Empty,
}

impl Closes {
    pub(crate) fn lifetime(self) -> Lifetime {
        let minutes = match self {
            Self::Quarter => 15,
            Self::Hour => 60,
            Self::Day => 24 * 60,
            Self::Week => 7 * 24 * 60,
            Self::Empty => return Lifetime::UntilEmpty,
        };
        Lifetime::For(Duration::from_secs(minutes * 60))
    }
}

#[derive(Debug, Args)]
pub(crate) struct NewArguments {
    /// Name the relay's key in the link, so that everybody insists on it. Needs --relay-key.
    #[arg(long, requires = "relay_key")]
    pub(crate) pinned: bool,
    /// Print the link alone.
    #[arg(long)]
    pub(crate) quiet: bool,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct JoinArguments {
    #[command(flatten)]
    pub(crate) room: RoomArguments,
    /// Plain lines even in a terminal.
    #[arg(long)]
    pub(crate) plain: bool,
    /// The folder that accepted files are saved in.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) into: PathBuf,
    #[command(flatten)]
    pub(crate) filters: FilterArguments,
}

/// What becomes of links and of characters that mislead. Without these, as the room suggests.
#[derive(Clone, Copy, Debug, Args)]
pub(crate) struct FilterArguments {
    /// Links: shown, made inert, or their messages hidden.
    #[arg(long, value_enum)]
    pub(crate) links: Option<Filter>,
    /// Special characters: shown, taken out, or their messages hidden.
    #[arg(long, value_enum)]
    pub(crate) special: Option<Filter>,
}

/// What a filter does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Filter {
    /// Nothing.
    Show,
    /// Makes it harmless.
    Neutralise,
    /// Hides the whole message.
    Hide,
}

#[derive(Debug, Subcommand)]
pub(crate) enum FileCommand {
    /// Offer files, and stay until they were fetched.
    Send(FileSendArguments),
    /// Fetch files that are offered, and print where they are.
    Receive(FileReceiveArguments),
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct FileSendArguments {
    #[command(flatten)]
    pub(crate) room: NamedRoomArguments,
    /// The files.
    #[arg(required = true, value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Offer them to this person alone, by name or tag. Waits until they are there.
    #[arg(long, value_name = "WHO", conflicts_with = "receivers")]
    pub(crate) to: Option<String>,
    /// How many people are to have each of them before this ends.
    #[arg(long, value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) receivers: u32,
    /// Give up after this long.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
    /// Send photos with everything they know: place, time, camera.
    #[arg(long)]
    pub(crate) as_is: bool,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct FileReceiveArguments {
    #[command(flatten)]
    pub(crate) room: NamedRoomArguments,
    /// The folder that they are saved in.
    #[arg(long, value_name = "DIR", default_value = ".")]
    pub(crate) into: PathBuf,
    /// Only what this person offers, by name or tag.
    #[arg(long, value_name = "WHO")]
    pub(crate) from: Option<String>,
    /// End after this many files.
    #[arg(long, short = 'n', value_name = "COUNT", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) count: u32,
    /// Fetch nothing that is larger.
    #[arg(long, value_name = "MIB")]
    pub(crate) most: Option<u64>,
    /// Give up after this long.
    #[arg(long, value_name = "SECONDS")]
    pub(crate) wait: Option<u64>,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct SendArguments {
    #[command(flatten)]
    pub(crate) room: RoomArguments,
    /// What to say. Without it, standard input is read to its end and sent as one message.
    #[arg(long = "text", short = 't', value_name = "TEXT")]
    pub(crate) text: Option<String>,
    /// Send every line of standard input as a message of its own, as it comes.
    #[arg(long, conflicts_with = "text")]
    pub(crate) lines: bool,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct TailArguments {
    #[command(flatten)]
    pub(crate) room: RoomArguments,
    /// One JSON object for each event, as bots get them.
    #[arg(long)]
    pub(crate) json: bool,
    /// End after this many messages.
    #[arg(long, short = 'n', value_name = "COUNT")]
    pub(crate) count: Option<u64>,
    #[command(flatten)]
    pub(crate) filters: FilterArguments,
}

#[derive(Debug, Args)]
#[command(after_long_help = AFTER)]
pub(crate) struct BotArguments {
    #[command(flatten)]
    pub(crate) room: RoomArguments,
    /// Where the bot sends what it reads, in words for the people in the room.
    #[arg(
        long,
        value_name = "WORDS",
        env = "ROOMKEY_BOT_DESTINATION",
        default_value = "nowhere: it runs on its operator's machine"
    )]
    pub(crate) destination: String,
    /// The most messages it may send in a minute.
    #[arg(long, value_name = "COUNT", default_value_t = 20)]
    pub(crate) per_minute: u32,
    /// Hear other bots too, at most eight of their messages after each of a person. Without it, what bots say is not handed
    /// on, which keeps them from talking to each other for ever.
    #[arg(long)]
    pub(crate) hear_bots: bool,
    /// The folder that the bot may offer files from and that it saves files in. Without it, it does neither.
    #[arg(long, value_name = "DIR", env = "ROOMKEY_BOT_FILES")]
    pub(crate) files: Option<PathBuf>,
    /// The program and its arguments.
    #[arg(last = true, required = true, value_name = "PROGRAM")]
    pub(crate) program: Vec<std::ffi::OsString>,
}

fn fingerprint(text: &str) -> Result<Fingerprint, String> {
    text.trim().parse().map_err(|_| {
        "a relay's key is 26 letters and digits, as it prints them at start".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory as _;

    #[test]
    fn the_command_line_is_well_formed() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn a_bots_program_keeps_its_own_flags() {
        let arguments = Arguments::try_parse_from([
            "roomkey", "bot", "x", "--", "python3", "-u", "bot.py", "--as", "y",
        ])
        .unwrap();
        let Command::Bot(bot) = arguments.command else {
            panic!("another command");
        };
        assert_eq!(bot.program, ["python3", "-u", "bot.py", "--as", "y"]);
        assert_eq!(bot.room.room.as_deref(), Some("x"));
    }
}

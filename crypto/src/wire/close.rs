//! WebSocket close codes: the one table that both ends share.

macro_rules! close_codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal),+ $(,)?) => {
        /// Why a connection ended. 1000 and 1001 are RFC 6455 §7.4.1; 4000 and up are Roomkey's own.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum CloseCode {
            $($(#[$doc])* $name,)+
            /// A code that this version does not know.
            Other(u16),
        }

        impl CloseCode {
            /// Every code with a name, in ascending order.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The code that arrived in a close frame.
            pub fn from_u16(code: u16) -> Self {
                match code {
                    $($code => Self::$name,)+
                    other => Self::Other(other),
                }
            }

            /// The code to put into a close frame.
            pub fn as_u16(self) -> u16 {
                match self {
                    $(Self::$name => $code,)+
                    Self::Other(code) => code,
                }
            }
        }
    };
}

close_codes! {
    /// The other side is done.
    Normal = 1000,
    /// The relay restarts; come back.
    GoingAway = 1001,
    /// The tunnel's handshake failed.
    Handshake = 4000,
    /// A tunnel record did not open.
    Record = 4001,
    /// A record opened but a frame in it could not be decoded.
    Frame = 4002,
    /// The member's mailbox overflowed because it read too slowly.
    Slow = 4003,
    /// Nothing came for too long.
    Idle = 4004,
    /// It kept sending faster than allowed after being told.
    TooFast = 4005,
    /// A message was larger than the limits allow.
    TooLarge = 4006,
    /// The same seat was resumed on another connection.
    Replaced = 4007,
    /// The room's lifetime is over.
    Expired = 4008,
    /// The room was purged by its opener.
    Purged = 4009,
    /// The seat was removed by the holder of the room's control key.
    Removed = 4010,
    /// Too many handshakes or connections at the moment.
    Busy = 4011,
    /// No common version.
    Version = 4012,
    /// The resumption ticket is unknown or spent: retry with a full handshake.
    BadTicket = 4013,
}

impl CloseCode {
    /// Whether the seat may be waiting: reconnect with the resume token.
    pub fn may_resume(self) -> bool {
        match self {
            Self::GoingAway
            | Self::Record
            | Self::Slow
            | Self::Idle
            | Self::TooFast
            | Self::Busy
            | Self::BadTicket => true,
            // 1006 is what a browser reports for a connection that broke without a close frame; the rest of the
            // protocol's own range (1002 to 1015) comes from proxies and says nothing about the seat.
            Self::Other(code) => (1002..=1015).contains(&code) || code == 3000,
            _ => false,
        }
    }

    /// Whether the same client must not come back by itself.
    pub fn is_final(self) -> bool {
        matches!(
            self,
            Self::Replaced | Self::Expired | Self::Purged | Self::Removed | Self::Version
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_survives_the_round_trip() {
        for code in 0..=u16::MAX {
            assert_eq!(CloseCode::from_u16(code).as_u16(), code);
        }
    }

    #[test]
    fn no_code_is_both_final_and_resumable() {
        for &code in CloseCode::ALL {
            assert!(!(code.is_final() && code.may_resume()), "{code:?}");
        }
    }

    #[test]
    fn a_broken_connection_may_resume_and_a_purged_room_may_not() {
        assert!(CloseCode::from_u16(1006).may_resume());
        assert!(CloseCode::from_u16(4009).is_final());
        assert_eq!(CloseCode::from_u16(4999), CloseCode::Other(4999));
    }
}

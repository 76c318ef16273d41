//! The limits among the settings.

use std::time::Duration;

use super::{Settings, SettingsError};
use crate::Limits;

/// The most members that a room can have: the list of them still fits the mailbox of whoever enters.
const MOST_MEMBERS: u16 = 10_000;

impl Settings {
    pub(super) fn check_limits(&self) -> Result<(), SettingsError> {
        let zeros = [
            ("workers", self.workers == Some(0)),
            ("max-members", self.max_members == Some(0)),
            ("max-seats", self.max_seats == Some(0)),
            ("max-rooms", self.max_rooms == Some(0)),
            ("max-connections", self.max_connections == Some(0)),
            ("memory-mib", self.memory_mib == Some(0)),
            ("file-memory-mib", self.file_memory_mib == Some(0)),
            ("frames-per-second", self.frames_per_second == Some(0)),
            ("kib-per-second", self.kib_per_second == Some(0)),
            (
                "room-frames-per-second",
                self.room_frames_per_second == Some(0),
            ),
            ("room-kib-per-second", self.room_kib_per_second == Some(0)),
            (
                "room-joins-per-second",
                self.room_joins_per_second == Some(0),
            ),
            ("room-history-kib", self.room_history_kib == Some(0)),
            (
                "handshakes-per-second",
                self.handshakes_per_second == Some(0),
            ),
        ];
        if let Some((name, _)) = zeros.iter().find(|(_, zero)| *zero) {
            return Err(SettingsError::Zero(name));
        }
        if self
            .max_members
            .is_some_and(|members| members > MOST_MEMBERS)
        {
            return Err(SettingsError::TooManyMembers(MOST_MEMBERS));
        }
        Ok(())
    }

    /// The limits that these settings come to. The room for bursts grows along with a rate.
    pub fn limits(&self) -> Limits {
        let mut limits = Limits::default();
        limits.max_members = self.max_members.unwrap_or(limits.max_members);
        limits.max_seats = self.max_seats.unwrap_or(limits.max_seats);
        limits.max_rooms = self.max_rooms.unwrap_or(limits.max_rooms);
        limits.max_connections = self.max_connections.unwrap_or(limits.max_connections);
        if let Some(mib) = self.memory_mib {
            limits.memory = mib.saturating_mul(1 << 20);
        }
        if let Some(mib) = self.max_file_mib {
            limits.file_bytes = mib.saturating_mul(1 << 20);
        }
        if let Some(mib) = self.file_memory_mib {
            limits.file_memory = mib.saturating_mul(1 << 20);
        }
        if let Some(kib) = self.room_history_kib {
            limits.history_bytes = usize::try_from(kib)
                .unwrap_or(usize::MAX)
                .saturating_mul(1024);
        }
        if let Some(seconds) = self.room_grace {
            limits.room_grace = Duration::from_secs(seconds);
        }
        if let Some(frames) = self.frames_per_second {
            limits.frames_per_second = f64::from(frames);
            limits.frame_burst = limits.frames_per_second * 5.0;
        }
        if let Some(kib) = self.kib_per_second {
            limits.bytes_per_second = f64::from(kib) * 1024.0;
            limits.byte_burst = limits.bytes_per_second * 8.0;
        }
        limits.room_frames_per_second = self
            .room_frames_per_second
            .map_or(limits.frames_per_second * 10.0, f64::from);
        limits.room_frame_burst = limits.room_frames_per_second * 5.0;
        limits.room_bytes_per_second = self
            .room_kib_per_second
            .map_or(limits.bytes_per_second * 8.0, |kib| f64::from(kib) * 1024.0);
        limits.room_byte_burst = limits.room_bytes_per_second * 8.0;
        if let Some(joins) = self.room_joins_per_second {
            limits.room_joins_per_second = f64::from(joins);
            limits.room_join_burst = limits.room_joins_per_second * 10.0;
        }
        // All members of the largest room may come at once, twice.
        limits.room_join_burst = limits
            .room_join_burst
            .max(f64::from(limits.max_members) * 2.0);
        if let Some(handshakes) = self.handshakes_per_second {
            limits.handshakes_per_second = f64::from(handshakes);
            limits.handshake_burst = limits.handshakes_per_second * 2.0;
        }
        limits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_word_the_limits_are_the_defaults() {
        let (said, defaults) = (Settings::default().limits(), Limits::default());
        assert_eq!(format!("{said:?}"), format!("{defaults:?}"));
    }

    #[test]
    fn a_rooms_rate_follows_that_of_its_members_unless_it_has_its_own() {
        let mut settings = Settings {
            frames_per_second: Some(1000),
            kib_per_second: Some(1024),
            ..Settings::default()
        };
        let limits = settings.limits();
        assert_eq!(limits.room_frames_per_second, 10_000.0);
        assert_eq!(limits.room_bytes_per_second, 8.0 * 1024.0 * 1024.0);
        settings.room_frames_per_second = Some(5);
        assert_eq!(settings.limits().room_frame_burst, 25.0);
    }

    #[test]
    fn nonsense_is_one_sentence() {
        let sentence = |settings: Settings| settings.check_limits().unwrap_err().to_string();
        let zero = Settings {
            max_seats: Some(0),
            ..Settings::default()
        };
        assert_eq!(sentence(zero), "The setting max-seats must not be zero.");
        let many = Settings {
            max_members: Some(10_001),
            ..Settings::default()
        };
        assert_eq!(sentence(many), "A room can have at most 10000 members.");
    }
}

#pragma once
// What digital faces showed, and when: play logs of their players, imported as files. Reports take
// the plays of hours that a log covers from it, and of all others from the face's loop.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/trade_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::assets {
class Assets;
}
namespace mobilytics::http {
class Router;
}
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::plays {

struct PlayLogIdentity {
    static constexpr std::string_view kIdPrefix = "play_log";
};
using PlayLogId = Id<PlayLogIdentity>;

/// plays: a line each. counts: a line an hour and creative.
BOOST_DEFINE_ENUM_CLASS(LogForm, plays, counts)
BOOST_DEFINE_ENUM_CLASS(FileFormat, csv, json_lines)
/// What is worth to be looked at, and does not keep a log out. overlap: plays that begin while
/// another runs. longer_than_loop: as it says. too_short: under a second, passed over. gap: times
/// of more than an hour without a play, which are not covered. elsewhere: lines of other faces,
/// passed over. column: those passed over. overfull: quarters of an hour that with other logs hold
/// more playing time than there is.
BOOST_DEFINE_ENUM_CLASS(
    PlayFindingKind, overlap, longer_than_loop, too_short, gap, elsewhere, column, overfull)

struct PlayFinding {
    PlayFindingKind kind;
    std::int64_t count;                // Lines; of gaps, columns and quarters, how many.
    std::optional<std::int64_t> line;  // The first of them, from 1.
    std::string detail;
};

/// [from, to).
struct Stretch {
    Instant from, to;
    friend bool operator==(const Stretch&, const Stretch&) = default;
};

struct PlayLog {
    PlayLogId id;
    FaceId face_id;
    std::string source;  // What its file was called.
    LogForm form;
    std::optional<PersonId> made_by;
    Instant made_at;
    Instant from, to;        // From the first play's beginning to the last one's end.
    std::int64_t lines;      // Of the file, without its header.
    std::int64_t plays;      // That it added.
    std::int64_t repeated;   // Lines that were known already.
    std::int64_t elsewhere;  // Lines of other faces.
    std::int64_t covered_s;
    std::vector<PlayFinding> findings;
};
using PlayLogPage = Page<PlayLog>;

/// How a file is to be read.
struct NewPlayLog {
    FileFormat format = FileFormat::csv;
    std::string source = {};
    /// What the file calls the face, beside its id and its name.
    std::optional<std::string> face_name = {};
    /// In which the log was kept without a break: times without plays were silent. None: a break of
    /// more than an hour is not covered.
    std::optional<Stretch> covers = {};
    bool dry_run = false;
};

/// What became of a file, or would.
struct Imported {
    PlayLog log;
    bool dry_run;
    bool already;  // The same was imported before, and nothing is added.
    bool kept;     // Whether there is such a log now.
};

/// Plays of one creative in one slot of those that were asked for.
struct SlotPlays {
    std::size_t slot = 0;
    std::string creative;
    std::int64_t plays = 0;
    double airtime_s = 0;
};
struct Logged {
    std::vector<SlotPlays> plays;     // By slot.
    std::vector<Stretch> covered;     // In their order, apart.
    std::optional<Instant> imported;  // The last of these logs.
};

struct Quotas {
    std::int64_t lines_max = 1'000'000;     // Of a file.
    std::int64_t creatives_max = 1'000;     // Of a file.
    std::int64_t logs_max = 10'000;         // Of a company.
    std::int64_t plays_max = 100'000'000;   // Of a company, kept singly.
    std::chrono::days span_max{400};        // Of a file.
    std::chrono::seconds play_max{86'400};  // Of one play.
    std::chrono::seconds gap_max{3'600};    // Longer ones are not covered.
    std::chrono::seconds play_min{1};       // Shorter ones are passed over.
    std::chrono::seconds clock_ahead{300};  // Of players' clocks.
    std::size_t faults_max = 100;           // That are told of a file.
};

/// Every operation is one transaction, and sees the rows of the caller's company only.
class Plays {
  public:
    /// What it is given must outlive this.
    Plays(pg::Pool& pool, const Clock& clock, assets::Assets& assets, Quotas quotas = {})
        : pool_(pool), clock_(clock), assets_(assets), quotas_(quotas) {}

    /// All of a file, or nothing of it. not_found `no_such_face`; invalid `bad_log`, with the fault
    /// of each line: /lines/17/start, `no_plays`, `too_many_lines`; conflict `face_not_digital`,
    /// `import_running`, `covered_by_counts`, `covered_by_plays`, `other_counts`, `too_many_logs`,
    /// `too_many_plays`. What is known already is added once; the same file again adds nothing.
    Result<Imported> import_log(
        const Caller& caller, FaceId face, const NewPlayLog& wanted, std::string_view file);
    /// The newest first. not_found `no_such_face`; invalid `bad_id`, for a cursor that we did not
    /// give.
    Result<PlayLogPage> list_play_logs(const Caller& caller, FaceId face, const PageRequest& page);
    /// With all its plays. not_found `no_such_face`, `no_such_play_log`; conflict `import_running`.
    Result<> remove_play_log(const Caller& caller, FaceId face, PlayLogId id);

    /// For reports: slots are n + 1 instants, ascending. A play is of the slot in which the quarter
    /// of an hour begins that it began in.
    Logged logged(CompanyId company, FaceId face, std::span<const Instant> slots);

  private:
    pg::Pool& pool_;
    const Clock& clock_;
    assets::Assets& assets_;
    const Quotas quotas_;
};

/// The import of files; the contract mounts the rest.
void mount_by_hand(http::Router& router, Plays& plays, assets::Assets& assets, const Clock& clock);

}  // namespace mobilytics::plays

#include "domains/plays/plays.h"

#include <algorithm>
#include <utility>

#include "domains/assets/assets.h"
#include "domains/plays/play_lines.h"
#include "domains/plays/play_store.h"
#include "platform/audit/audit.h"
#include "platform/crypto/digest.h"

namespace mobilytics::plays {

namespace {

constexpr std::size_t kLinesAtOnce = 10'000;

boost::json::value json_of(const PlayLog& log) {
    return boost::json::object{{"source", log.source},         {"form", word(log.form)},
                               {"from", to_iso8601(log.from)}, {"to", to_iso8601(log.to)},
                               {"plays", log.plays},           {"lines", log.lines}};
}

void record(
    pg::Transaction& tx, Instant now, const char* action, const Caller& by, const PlayLog& log,
    boost::json::value before, boost::json::value after) {
    audit::append(
        tx, now,
        {.action = action,
         .actor = audit::actor_of(by),
         .targets = {{"play_log", log.id.str(), log.source}, {"face", log.face_id.str()}},
         .before = std::move(before),
         .after = std::move(after)});
}

tl::unexpected<Error> running() {
    return fail(
        ErrorKind::conflict, "import_running",
        "another play log of your company is being imported or removed: try again when it is done");
}

std::vector<FaceThen> thens_of(const std::vector<assets::Face>& versions) {
    std::vector<FaceThen> out;
    for (const auto& face : versions) {
        out.push_back(
            {.from = face.from,
             .to = face.to,
             .digital = face.medium == assets::FaceMedium::digital,
             .loop_s = face.loop_s.value_or(0),
             .spot_s = face.spot_s.value_or(0)});
    }
    return out;
}

/// What files may call the face.
std::vector<std::string> names_of(
    FaceId id, const std::vector<assets::Face>& versions, const NewPlayLog& wanted) {
    std::vector<std::string> out{id.str()};
    for (const auto& face : versions) out.push_back(face.name);
    if (wanted.face_name) out.push_back(*wanted.face_name);
    return out;
}

std::int64_t seconds_of(const std::vector<Stretch>& stretches) {
    std::chrono::microseconds sum{0};
    for (const auto& one : stretches) sum += one.to - one.from;
    return std::chrono::floor<std::chrono::seconds>(sum).count();
}

Error differs(const std::vector<Fault>& faults, std::int64_t count) {
    return {
        ErrorKind::conflict, "other_counts",
        std::to_string(count) +
            " hours were counted otherwise by a log that was imported before: remove that one, or "
            "leave these hours out",
        faults};
}

/// In parts, each of which a statement can take in time.
template <class Deed>
void by_parts(std::span<const Line> lines, Deed deed) {
    for (; !lines.empty(); lines = lines.subspan(std::min(kLinesAtOnce, lines.size()))) {
        deed(lines.first(std::min(kLinesAtOnce, lines.size())));
    }
}

/// Without those that are kept already.
std::vector<Line> fresh_plays(pg::Transaction& tx, FaceId face, const Read& read) {
    std::vector<Line> out;
    out.reserve(read.lines.size());
    by_parts(read.lines, [&](std::span<const Line> some) {
        const auto places = known(tx, face, read.creatives, some);
        auto place = places.begin();
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (place != places.end() && *place == i) {
                ++place;
            } else {
                out.push_back(some[i]);
            }
        }
    });
    return out;
}

/// The same of counts; what differs is refused.
Result<std::vector<Line>> fresh_counts(
    pg::Transaction& tx, FaceId face, const Read& read, std::size_t faults_max) {
    std::vector<Line> out;
    std::vector<Fault> faults;
    std::int64_t other = 0;
    by_parts(read.lines, [&](std::span<const Line> some) {
        const auto before = counted(tx, face, read.creatives, some);
        for (std::size_t i = 0; i < some.size(); ++i) {
            if (before[i] == 0) {
                out.push_back(some[i]);
            } else if (before[i] != some[i].plays) {
                ++other;
                if (faults.size() < faults_max) {
                    faults.push_back(
                        {pointer_of(some[i].number, "plays"),
                         "is " + std::to_string(some[i].plays) + ", and was imported as " +
                             std::to_string(before[i])});
                }
            }
        }
    });
    if (other > 0) return tl::unexpected(differs(faults, other));
    return out;
}

/// Of single plays, by the quarter that they began in.
std::vector<Airtime> airtimes_of(std::span<const Line> lines) {
    std::vector<Airtime> out;
    for (const auto& line : lines) {
        const auto quarter = quarter_of(line.start);
        if (out.empty() || out.back().quarter != quarter) out.push_back({quarter});
        out.back().airtime_ms += line.duration_ms;
    }
    return out;
}

}  // namespace

Result<Imported> Plays::import_log(
    const Caller& caller, FaceId face, const NewPlayLog& wanted, std::string_view file) {
    const auto now = clock_.now();
    const auto versions = assets_.versions_of(caller.company, face);
    if (versions.empty()) return fail(ErrorKind::not_found, "no_such_face", face.str());
    if (std::ranges::none_of(
            versions, [](const auto& one) { return one.medium == assets::FaceMedium::digital; })) {
        return fail(
            ErrorKind::conflict, "face_not_digital",
            "this face is printed: only a digital one has plays");
    }
    const auto sha256 = crypto::sha256_hex(file);
    auto tx = pool_.begin(caller.company);
    if (!try_lock(tx)) return running();
    if (auto same = select_same(tx, face, sha256)) {
        return Imported{*std::move(same), wanted.dry_run, true, true};
    }
    const Reading reading{
        .format = wanted.format,
        .names = names_of(face, versions, wanted),
        .versions = thens_of(versions),
        .covers = wanted.covers,
        .now = now};
    TRY(auto read, read_log(file, reading, quotas_));
    const auto usage = usage_of(tx);
    if (usage.logs >= quotas_.logs_max) {
        return fail(
            ErrorKind::conflict, "too_many_logs",
            "a company has at most " + std::to_string(quotas_.logs_max) +
                " play logs: remove old ones, or put several into one file");
    }
    PlayLog log{
        .id = PlayLogId::fresh(now),
        .face_id = face,
        .source = wanted.source,
        .form = read.form,
        .made_by = caller.actor(),
        .made_at = now,
        .from = read.from,
        .to = read.to,
        .lines = read.data_lines,
        .plays = 0,
        .repeated = 0,
        .elsewhere = read.elsewhere,
        .covered_s = 0,
        .findings = std::move(read.findings)};
    if (const auto other = other_form(tx, log, read.covered)) {
        const bool its_counts = other->form == LogForm::counts;
        return fail(
            ErrorKind::conflict, its_counts ? "covered_by_counts" : "covered_by_plays",
            std::string(its_counts ? "hours' counts" : "single plays") +
                " of the same time were imported as " + to_iso8601(other->made_at) + " " +
                other->source + ": remove that log, or leave the time out");
    }
    const Stretch all{read.covered.front().from, read.covered.back().to};
    const auto covered = without(read.covered, stretches_of(tx, face, all));
    log.covered_s = seconds_of(covered);
    const bool counts = read.form == LogForm::counts;
    std::vector<Line> fresh;
    if (counts) {
        TRY(fresh, fresh_counts(tx, face, read, quotas_.faults_max));
    } else {
        fresh = fresh_plays(tx, face, read);
        const auto full = overfull(tx, face, airtimes_of(fresh));
        if (full > 0) {
            log.findings.push_back(
                {PlayFindingKind::overfull, full, std::nullopt,
                 "together with logs that were imported before they hold more playing time than "
                 "there is: was the same log exported twice, a little apart?"});
        }
    }
    for (const auto& line : fresh) log.plays += line.plays;
    log.repeated = read.repeated + std::ssize(read.lines) - std::ssize(fresh);
    if (!counts && usage.plays + log.plays > quotas_.plays_max) {
        return fail(
            ErrorKind::conflict, "too_many_plays",
            "a company keeps at most " + std::to_string(quotas_.plays_max) +
                " single plays: remove old logs, or import hours' counts");
    }
    // What adds nothing is not kept.
    if (log.plays == 0 && covered.empty()) {
        return Imported{std::move(log), wanted.dry_run, true, false};
    }
    if (wanted.dry_run) return Imported{std::move(log), true, false, false};
    insert(tx, log, sha256);
    insert_stretches(tx, log, covered);
    by_parts(fresh, [&](std::span<const Line> some) {
        if (counts) {
            insert_counts(tx, log, read.creatives, some);
        } else {
            insert_plays(tx, log, read.creatives, some);
        }
    });
    record(tx, now, "plays.log_imported", caller, log, nullptr, json_of(log));
    tx.commit();
    return Imported{std::move(log), false, false, true};
}

Result<PlayLogPage> Plays::list_play_logs(
    const Caller& caller, FaceId face, const PageRequest& page) {
    CHECK(assets_.find_face(caller, face));
    std::optional<PlayLogId> before;
    if (!page.cursor.empty()) {
        TRY(before, PlayLogId::parse(page.cursor));
    }
    auto tx = pool_.begin(caller.company);
    return page_of(select_before(tx, face, before, page.limit + 1), page.limit);
}

Result<> Plays::remove_play_log(const Caller& caller, FaceId face, PlayLogId id) {
    CHECK(assets_.find_face(caller, face));
    auto tx = pool_.begin(caller.company);
    const auto log = select(tx, face, id);
    if (!log) return fail(ErrorKind::not_found, "no_such_play_log", id.str());
    if (!try_lock(tx)) return running();
    erase(tx, *log);
    record(tx, clock_.now(), "plays.log_removed", caller, *log, json_of(*log), nullptr);
    tx.commit();
    return {};
}

Logged Plays::logged(CompanyId company, FaceId face, std::span<const Instant> slots) {
    Logged out;
    if (slots.size() < 2) return out;
    const Stretch all{slots.front(), slots.back()};
    auto tx = pool_.begin(company);
    out.imported = imported_at(tx, face, all);
    if (!out.imported) return out;
    out.plays = plays_of(tx, face, slots);
    for (const auto& one : stretches_of(tx, face, all)) {
        if (!out.covered.empty() && one.from <= out.covered.back().to) {
            out.covered.back().to = std::max(out.covered.back().to, one.to);
        } else {
            out.covered.push_back(one);
        }
    }
    return out;
}

}  // namespace mobilytics::plays

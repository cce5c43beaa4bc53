#include "apps/server/backup/store_copies.h"

#include <algorithm>

#include "foundation/log.h"
#include "foundation/monotonic.h"
#include "platform/crypto/digest.h"
#include "platform/pg/survey.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr auto kAsked = "mobilytics_store_copy";
constexpr auto kDone = "mobilytics_store_copied";
constexpr std::chrono::minutes kLookEvery{5};
constexpr std::chrono::hours kKept{1};  // Of copies that nobody took away.
constexpr std::size_t kNameBytes = 16;

/// What came by a notification becomes a file's name only when it can be no other file's.
bool is_name(const std::string& text) {
    return text.size() == 2 * kNameBytes && text.find_first_not_of("0123456789abcdef") == text.npos;
}

fs::path file_of(const fs::path& folder, const std::string& name) {
    return folder / (name + ".duckdb");
}

void forget_old(const fs::path& folder) {
    std::error_code gone;
    const auto now = fs::file_time_type::clock::now();
    for (const auto& entry : fs::directory_iterator(folder, gone)) {
        if (entry.path().extension() != ".duckdb") continue;
        if (now - entry.last_write_time(gone) > kKept) fs::remove(entry.path(), gone);
    }
}

}  // namespace

StoreCopies::StoreCopies(store::Store& store, pg::Address system, fs::path data)
    : store_(store),
      system_(std::move(system)),
      folder_(backup_folder(data)),
      listener_(system_, {kAsked}),
      thread_([this] { run(); }) {}

StoreCopies::~StoreCopies() {
    listener_.stop();
    thread_.join();
}

void StoreCopies::run() {
    for (;;) {
        const auto heard = listener_.wait(kLookEvery);
        if (heard.stopped) return;
        for (const auto& one : heard.notifications) {
            if (!is_name(one.payload)) continue;
            try {
                pg::notify(system_, kDone, one.payload + copied(one.payload));
            } catch (const std::exception& failure) {  // Who asked gives up, and says so.
                log::warning("store_copy_not_told", {{"why", failure.what()}});
            }
        }
    }
}

/// What is wrong; empty when nothing is.
std::string StoreCopies::copied(const std::string& name) {
    const Stopwatch took;
    try {
        fs::create_directories(folder_);
        fs::permissions(folder_, fs::perms::owner_all);
        forget_old(folder_);
        store_.copy_to(file_of(folder_, name));
        log::info("store_copied", {{"seconds", took.seconds()}});
        return "";
    } catch (const std::exception& failure) {
        log::error("store_not_copied", {{"why", failure.what()}});
        return std::string(" ") + failure.what();
    }
}

fs::path ask_for_copy(
    const pg::Address& owner, const fs::path& data, std::chrono::minutes wait_max) {
    const auto name = crypto::to_hex(crypto::random_bytes(kNameBytes));
    pg::Listener listener(owner, {kDone});
    const Deadline deadline(wait_max);
    for (bool asked = false; !deadline.passed();) {
        const auto heard = listener.wait(std::chrono::seconds(5));
        if (heard.may_have_missed && !asked) {  // It listens now.
            pg::notify(owner, kAsked, name);
            asked = true;
        }
        for (const auto& one : heard.notifications) {
            if (one.payload == name) return file_of(backup_folder(data), name);
            if (one.payload.starts_with(name + " ")) {
                throw std::runtime_error(
                    "the server cannot copy its store: " + one.payload.substr(name.size() + 1) +
                    "; see its log");
            }
        }
    }
    throw std::runtime_error(
        "another process has the store open, and no server of this database copied it within " +
        std::to_string(wait_max.count()) +
        " min: name the data folder of the server that runs, or stop what has " +
        (data / "store.duckdb").string() + " open");
}

}  // namespace mobilytics::server

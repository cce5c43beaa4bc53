#include "apps/server/backup/parts.h"

#include <cstdio>
#include <stdexcept>

#include <boost/json.hpp>

#include "apps/server/backup/backup.h"
#include "apps/server/backup/store_copies.h"
#include "foundation/json.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"
#include "platform/services/program.h"

namespace mobilytics::server {

namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAboutKeys = "mobilytics backup: keys";
constexpr auto kConfigFile = "mobilytics.toml";

std::optional<Instant> remembered(const fs::path& data, const std::string& what) {
    const auto text = crypto::read_file(backup_folder(data) / what);
    if (!text) return std::nullopt;
    boost::json::error_code bad;
    const auto read = boost::json::parse(*text, bad);
    if (bad || !read.is_object() || !read.as_object().contains("at")) return std::nullopt;
    const auto at = parse_iso8601(json::text_or_nothing(read.as_object().at("at")));
    return at ? std::optional(*at) : std::nullopt;
}

}  // namespace

Making::Making(const fs::path& beside, const std::string& suffix)
    : name_(fs::absolute(beside).lexically_normal()),
      path_((name_.has_filename() ? name_ : name_.parent_path()).string() + suffix) {
    fs::remove_all(path_);
    fs::create_directories(path_);
}

Making::~Making() {
    std::error_code left_behind;
    if (!kept_) fs::remove_all(path_, left_behind);
}

void Making::keep() {
    fs::rename(path_, name_.has_filename() ? name_ : name_.parent_path());
    kept_ = true;
}

void must_run(
    const std::string& what, const std::vector<std::string>& words,
    const std::vector<std::pair<std::string, std::string>>& environment) {
    const auto finished = services::run_program(words, environment);
    if (finished.status == 0) return;
    throw std::runtime_error(
        what + ": " + words[0] + " ended with " + std::to_string(finished.status) + " and said:\n" +
        finished.told);
}

bool is_empty_or_missing(const fs::path& folder) {
    if (!fs::exists(folder)) return true;
    return fs::is_directory(folder) && fs::is_empty(folder);
}

bool is_archive(const fs::path& path) { return path.extension() == ".tar"; }

void seal_keys(const fs::path& data, const fs::path& key_file, const fs::path& file) {
    boost::json::object all;
    for (const auto& entry : fs::directory_iterator(data / "pki")) {
        if (!entry.is_regular_file()) continue;
        const auto content = crypto::read_file(entry.path());
        all["pki/" + entry.path().filename().string()] = crypto::to_hex(content.value_or(""));
    }
    if (const auto config = crypto::read_file(data / kConfigFile)) {
        all[kConfigFile] = crypto::to_hex(*config);
    }
    const crypto::SealedBox box(key_file);
    const Secret<std::string> plain(boost::json::serialize(all));
    crypto::write_file(file, box.seal(plain, kAboutKeys), crypto::Readable::by_owner);
}

void open_keys(const fs::path& file, const fs::path& key_file, const fs::path& data) {
    if (!fs::exists(key_file)) {
        throw std::runtime_error("there is no key file " + key_file.string());
    }
    const crypto::SealedBox box(key_file);
    const auto opened = box.open(crypto::read_file(file).value_or(""), kAboutKeys);
    if (!opened) {
        throw std::runtime_error(
            key_file.string() + " is not the key by which the keys in this backup were sealed");
    }
    const auto all = boost::json::parse(opened->reveal());
    fs::create_directories(data / "pki");
    fs::permissions(data / "pki", fs::perms::owner_all);
    for (const auto& [name, content] : all.as_object()) {
        const fs::path path(name);
        const bool ours = name == kConfigFile || path.parent_path() == "pki";
        const auto bytes = crypto::from_hex(json::text_or_nothing(content));
        if (!ours || !bytes) throw std::runtime_error("keys.sealed holds what is no key");
        const bool open = path.extension() == ".pem";
        crypto::write_file(
            data / path, *bytes, open ? crypto::Readable::by_all : crypto::Readable::by_owner);
    }
}

void remember(const fs::path& data, const std::string& what, Instant at, const fs::path& where) {
    fs::create_directories(backup_folder(data));
    fs::permissions(backup_folder(data), fs::perms::owner_all);
    const boost::json::object said{{"at", to_iso8601(at)}, {"where", fs::absolute(where).string()}};
    crypto::write_file(
        backup_folder(data) / what, boost::json::serialize(said) + "\n",
        crypto::Readable::by_owner);
}

std::optional<Instant> last_backup(const fs::path& data) { return remembered(data, "last.json"); }
std::optional<Instant> last_verified(const fs::path& data) {
    return remembered(data, "verified.json");
}

std::string size_words(std::int64_t bytes) {
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), "%.1f MiB", static_cast<double>(bytes) / (1 << 20));
    return text.data();
}

}  // namespace mobilytics::server

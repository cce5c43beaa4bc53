#include "platform/objects/objects.h"

#include <algorithm>
#include <charconv>
#include <system_error>
#include <utility>

#include <fcntl.h>
#include <unistd.h>

#include "foundation/vocabulary.h"
#include "platform/crypto/digest.h"
#include "platform/crypto/files.h"

namespace mobilytics::objects {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t kWordsMax = 8;
constexpr std::size_t kWordCharactersMax = 100;
constexpr std::string_view kCharacters =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-";
/// What stands beside each object: its digest and time. It ends with a character that no name has.
constexpr std::string_view kAbout = "~about";

Result<> check_name(std::string_view name) {
    const auto bad = fail(
        ErrorKind::invalid, "bad_name",
        "words of letters, digits, dot, dash and underscore, with slashes between them");
    std::size_t words = 0;
    while (true) {
        const auto slash = name.find('/');
        const auto word = name.substr(0, slash);
        if (word.empty() || word.front() == '.' || word.size() > kWordCharactersMax ||
            word.find_first_not_of(kCharacters) != word.npos || ++words > kWordsMax) {
            return bad;
        }
        if (slash == name.npos) return {};
        name.remove_prefix(slash + 1);
    }
}

/// The bytes first: when we end between the two, the digest tells that they do not fit, and the
/// object is refused rather than mistaken for what it was.
void write_about(const fs::path& file, const ObjectInfo& info) {
    crypto::write_file(
        file.string() + std::string(kAbout),
        info.sha256 + " " + std::to_string(info.stored_at.time_since_epoch().count()) + "\n",
        crypto::Readable::by_owner);
}

/// So that it is there after a power cut.
void sync(const fs::path& file) {
    const int number = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = number >= 0 && ::fsync(number) == 0;
    if (number >= 0) ::close(number);
    if (!synced) throw std::system_error(errno, std::generic_category(), "cannot sync an object");
}

auto missing(std::string_view name) {
    return fail(ErrorKind::not_found, "no_such_object", std::string(name));
}

}  // namespace

Objects::Objects(const fs::path& folder, const Clock& clock) : folder_(folder), clock_(clock) {
    fs::create_directories(folder_);
}

Result<ObjectInfo> Objects::put(std::string_view name, std::string_view content) {
    CHECK(check_name(name));
    ObjectInfo info{std::string(name), content.size(), crypto::sha256_hex(content), clock_.now()};
    const auto file = folder_ / name;
    fs::create_directories(file.parent_path());
    crypto::write_file(file, content, crypto::Readable::by_owner);
    write_about(file, info);
    return info;
}

Result<ObjectWriter> Objects::begin(std::string_view name) {
    CHECK(check_name(name));
    const auto file = folder_ / name;
    fs::create_directories(file.parent_path());
    return ObjectWriter(std::string(name), file, clock_);
}

ObjectWriter::ObjectWriter(std::string name, fs::path file, const Clock& clock)
    : name_(std::move(name)),
      file_(std::move(file)),
      // No object's: their words begin with no dot.
      beside_(file_.parent_path() / (".writing-" + CompanyId::fresh(clock.now()).uuid())),
      clock_(&clock),
      out_(beside_, std::ios::binary) {
    fs::permissions(beside_, fs::perms::owner_read | fs::perms::owner_write);
}

ObjectWriter::ObjectWriter(ObjectWriter&& other) noexcept
    : name_(std::move(other.name_)),
      file_(std::move(other.file_)),
      beside_(std::exchange(other.beside_, {})),
      clock_(other.clock_),
      out_(std::move(other.out_)) {}

ObjectWriter::~ObjectWriter() {
    std::error_code gone;
    if (!beside_.empty()) fs::remove(beside_, gone);
}

void ObjectWriter::write(std::string_view piece) {
    out_.write(piece.data(), static_cast<std::streamsize>(piece.size()));
}

ObjectInfo ObjectWriter::finish() {
    out_.close();
    if (!out_) throw std::runtime_error("the disk does not take the object");
    const ObjectInfo info{
        name_, fs::file_size(beside_), crypto::sha256_of_file(beside_), clock_->now()};
    sync(beside_);
    fs::rename(beside_, file_);
    beside_.clear();
    write_about(file_, info);  // And syncs the folder.
    return info;
}

std::optional<ObjectInfo> Objects::info_of(const fs::path& file) const {
    const auto about = crypto::read_file(file.string() + std::string(kAbout));
    std::error_code gone;
    const auto bytes = fs::file_size(file, gone);
    if (!about || gone || about->size() < 66) return std::nullopt;
    std::int64_t micros = 0;
    std::from_chars(about->data() + 65, about->data() + about->size(), micros);
    return ObjectInfo{
        fs::relative(file, folder_).generic_string(), bytes, about->substr(0, 64),
        Instant(std::chrono::microseconds(micros))};
}

Result<ObjectInfo> Objects::find(std::string_view name) const {
    CHECK(check_name(name));
    auto info = info_of(folder_ / name);
    if (!info) return missing(name);
    return *std::move(info);
}

Result<std::string> Objects::get(std::string_view name) const {
    TRY(const auto info, find(name));
    auto content = crypto::read_file(folder_ / name);
    if (!content) return missing(name);
    if (crypto::sha256_hex(*content) != info.sha256) {
        return fail(ErrorKind::conflict, "object_damaged", info.name);
    }
    return *std::move(content);
}

Result<fs::path> Objects::file_of(std::string_view name) const {
    TRY(const auto info, find(name));
    auto file = folder_ / name;
    if (crypto::sha256_of_file(file) != info.sha256) {
        return fail(ErrorKind::conflict, "object_damaged", info.name);
    }
    return file;
}

std::vector<ObjectInfo> Objects::list(
    std::string_view prefix, std::string_view after, std::size_t count) const {
    std::vector<ObjectInfo> out;
    for (const auto& entry : fs::recursive_directory_iterator(folder_)) {
        const auto name = fs::relative(entry.path(), folder_).generic_string();
        if (!entry.is_regular_file() || !name.starts_with(prefix) || name <= after) continue;
        if (!check_name(name)) continue;  // What stands beside an object.
        if (auto info = info_of(entry.path())) out.push_back(*std::move(info));
    }
    std::sort(out.begin(), out.end(), [](const auto& a, const auto& b) { return a.name < b.name; });
    if (out.size() > count) out.resize(count);
    return out;
}

Result<> Objects::remove(std::string_view name) {
    CHECK(check_name(name));
    fs::remove(folder_ / (std::string(name) + std::string(kAbout)));
    fs::remove(folder_ / name);
    return {};
}

}  // namespace mobilytics::objects

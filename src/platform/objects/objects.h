#pragma once
// Files that the product keeps: photos, exports, releases. By name, whole or not there, in a
// folder.

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/clock.h"
#include "foundation/result.h"

namespace mobilytics::objects {

struct ObjectInfo {
    std::string name;
    std::uint64_t bytes = 0;
    std::string sha256;  // 64 hexadecimal digits.
    Instant stored_at;
};

/// One that is written piece by piece, however large it gets. Left without finish(), it is as if it
/// had not been. Of one thread.
class ObjectWriter {
  public:
    ~ObjectWriter();
    ObjectWriter(ObjectWriter&& other) noexcept;
    ObjectWriter(const ObjectWriter&) = delete;
    ObjectWriter& operator=(const ObjectWriter&) = delete;
    ObjectWriter& operator=(ObjectWriter&&) = delete;

    void write(std::string_view piece);
    /// As Objects::put(). Throws std::runtime_error, when the disk has not taken it.
    ObjectInfo finish();

  private:
    friend class Objects;
    ObjectWriter(std::string name, std::filesystem::path file, const Clock& clock);

    std::string name_;
    std::filesystem::path file_, beside_;
    const Clock* clock_;
    std::ofstream out_;
};

/// For any thread. A name is one to eight words of [A-Za-z0-9._-], each at most 100 long and not
/// beginning with a dot, with slashes between them: "exports/2026/visits.csv". invalid `bad_name`,
/// for any other.
class Objects {
  public:
    /// The folder is made when it is not there. Throws std::system_error. `clock` must outlive
    /// this.
    Objects(const std::filesystem::path& folder, const Clock& clock);

    /// Replaces what was there, at once and for good: synced before it returns. Throws
    /// std::system_error when the disk is full; then what was there is still there.
    Result<ObjectInfo> put(std::string_view name, std::string_view content);
    Result<ObjectWriter> begin(std::string_view name);
    /// not_found `no_such_object`; conflict `object_damaged`, when the bytes are no longer those
    /// that were put.
    Result<std::string> get(std::string_view name) const;
    /// The same, of where its bytes are: to be streamed, while nobody removes it.
    Result<std::filesystem::path> file_of(std::string_view name) const;
    Result<ObjectInfo> find(std::string_view name) const;
    /// Of names that begin with `prefix`, in their order, at most `count`, of those behind `after`.
    std::vector<ObjectInfo> list(
        std::string_view prefix, std::string_view after, std::size_t count) const;
    /// Of nothing, nothing.
    Result<> remove(std::string_view name);

  private:
    std::optional<ObjectInfo> info_of(const std::filesystem::path& file) const;

    const std::filesystem::path folder_;
    const Clock& clock_;
};

}  // namespace mobilytics::objects

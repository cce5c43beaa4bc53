#pragma once
// A disk for tests: it keeps its files in memory, remembers everything that was asked of it, and
// can then show each way in which the power might have gone in between. It can also be full, go
// read-only, or fail to sync.

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "pipeline/sensor/spool/file_io.h"

namespace mobilytics::sensor {

/// Names and contents: what a disk holds.
using Contents = std::map<std::string, std::string>;

class RecordingIo final : public FileIo {
  public:
    RecordingIo() = default;
    explicit RecordingIo(const Contents& contents) {
        for (const auto& [name, content] : contents) {
            names_[name] = bodies_.size();
            bodies_.push_back(content);
        }
        names_at_first_ = names_;
        bodies_at_first_ = bodies_;
    }

    Result<std::unique_ptr<File>> create(const std::string& name) override {
        CHECK(allowed(0));
        const auto body = bodies_.size();
        bodies_.emplace_back();
        names_[name] = body;
        log_.push_back({Op::Kind::named, body, 0, "", name, ""});
        return std::make_unique<Handle>(*this, body);
    }
    Result<std::unique_ptr<File>> open(const std::string& name) override {
        const auto found = names_.find(name);
        if (found == names_.end()) return fail(ErrorKind::not_found, "no_file", name);
        return std::make_unique<Handle>(*this, found->second);
    }
    Result<> rename(const std::string& from, const std::string& to) override {
        CHECK(allowed(0));
        const auto body = names_.at(from);
        if (names_.contains(to)) room += bodies_[names_.at(to)].size();
        names_.erase(from);
        names_[to] = body;
        log_.push_back({Op::Kind::renamed, body, 0, "", to, from});
        return {};
    }
    Result<> remove(const std::string& name) override {
        if (read_only) return read_only_failure();
        const auto found = names_.find(name);
        if (found == names_.end()) return {};
        room += bodies_[found->second].size();
        names_.erase(found);
        log_.push_back({Op::Kind::unnamed, 0, 0, "", name, ""});
        return {};
    }
    Result<> sync_folder() override {
        log_.push_back({Op::Kind::folder_synced, 0, 0, "", "", ""});
        return {};
    }
    Result<std::vector<std::string>> list() override {
        if (unreadable) return fail(ErrorKind::unavailable, "disk_failed", "");
        std::vector<std::string> out;
        for (const auto& [name, body] : names_) out.push_back(name);
        return out;
    }
    Result<std::uint64_t> free_bytes() override { return room; }

    Contents contents() const {
        Contents out;
        for (const auto& [name, body] : names_) out[name] = bodies_[body];
        return out;
    }
    /// Changes a file as no program would: bits that rot.
    std::string& body(const std::string& name) { return bodies_[names_.at(name)]; }

    /// How much was asked of it so far.
    std::size_t operations() const { return log_.size(); }
    /// Calls `look` with every content that the disk may have after the first `operations` and a
    /// loss of power: what was not synced may be there, or not, or in part, and in another order.
    void each_crash(std::size_t operations, const std::function<void(const Contents&)>& look) const;

    std::uint64_t room = 1 << 30;  // Bytes that may still be written; then the disk is full.
    bool read_only = false;
    bool unreadable = false;
    int syncs_to_fail = 0;

  private:
    struct Op {
        enum class Kind { named, renamed, unnamed, written, resized, synced, folder_synced } kind;
        std::size_t body;
        std::uint64_t offset;
        std::string bytes;
        std::string name, from;
    };

    class Handle final : public File {
      public:
        Handle(RecordingIo& io, std::size_t body) : io_(io), body_(body) {}
        Result<> write_at(std::uint64_t offset, std::string_view bytes) override {
            CHECK(io_.allowed(grows_by(offset + bytes.size())));
            io_.apply(
                {Op::Kind::written, body_, offset, std::string(bytes), "", ""}, io_.bodies_[body_]);
            io_.log_.push_back({Op::Kind::written, body_, offset, std::string(bytes), "", ""});
            return {};
        }
        Result<std::string> read_at(std::uint64_t offset, std::size_t bytes) override {
            const auto& body = io_.bodies_[body_];
            return offset >= body.size() ? std::string() : body.substr(offset, bytes);
        }
        Result<> resize(std::uint64_t bytes) override {
            CHECK(io_.allowed(grows_by(bytes)));
            const auto before = io_.bodies_[body_].size();
            if (bytes < before) io_.room += before - bytes;
            io_.bodies_[body_].resize(bytes, '\0');
            io_.log_.push_back({Op::Kind::resized, body_, bytes, "", "", ""});
            return {};
        }
        Result<std::uint64_t> size() override { return io_.bodies_[body_].size(); }
        Result<> sync() override {
            if (io_.syncs_to_fail > 0) {
                --io_.syncs_to_fail;
                return fail(ErrorKind::unavailable, "disk_failed", "");
            }
            io_.log_.push_back({Op::Kind::synced, body_, 0, "", "", ""});
            return {};
        }

      private:
        std::uint64_t grows_by(std::uint64_t size) const {
            const auto before = io_.bodies_[body_].size();
            return size > before ? size - before : 0;
        }
        RecordingIo& io_;
        std::size_t body_;
    };

    Result<> allowed(std::uint64_t bytes) {
        if (read_only) return read_only_failure();
        if (bytes > room) return fail(ErrorKind::unavailable, "disk_full", "");
        room -= bytes;
        return {};
    }
    static tl::unexpected<Error> read_only_failure() {
        return fail(ErrorKind::unavailable, "disk_read_only", "");
    }
    static void apply(const Op& op, std::string& body) {
        if (op.kind == Op::Kind::resized) body.resize(op.offset, '\0');
        if (op.kind != Op::Kind::written) return;
        if (body.size() < op.offset + op.bytes.size()) {
            body.resize(op.offset + op.bytes.size(), '\0');
        }
        body.replace(op.offset, op.bytes.size(), op.bytes);
    }
    static void apply(const Op& op, std::map<std::string, std::size_t>& names) {
        if (op.kind == Op::Kind::renamed) names.erase(op.from);
        if (op.kind == Op::Kind::unnamed) names.erase(op.name);
        if (op.kind == Op::Kind::named || op.kind == Op::Kind::renamed) names[op.name] = op.body;
    }
    /// What may have come of writes that were not synced.
    static std::set<std::string> outcomes(std::string durable, const std::vector<Op>& pending);

    std::map<std::string, std::size_t> names_, names_at_first_;
    std::vector<std::string> bodies_, bodies_at_first_;
    std::vector<Op> log_;
};

inline std::set<std::string> RecordingIo::outcomes(
    std::string durable, const std::vector<Op>& pending) {
    std::set<std::string> out{durable};
    const auto with = [&](std::size_t first, std::size_t end, std::size_t torn_at) {
        std::string body = durable;
        for (std::size_t i = first; i < end; ++i) {
            auto op = pending[i];
            if (i + 1 == pending.size()) op.bytes.resize(std::min(op.bytes.size(), torn_at));
            apply(op, body);
        }
        out.insert(std::move(body));
    };
    const auto count = pending.size();
    if (count == 0) return out;
    const auto whole = pending.back().bytes.size();
    for (std::size_t end = 1; end <= count; ++end) with(0, end, whole);
    for (std::size_t first = 1; first < count; ++first) with(first, count, whole);
    for (const std::size_t torn_at : {std::size_t{1}, std::size_t{5}, whole / 2, whole - 1}) {
        with(0, count, torn_at);
    }
    return out;
}

inline void RecordingIo::each_crash(
    std::size_t operations, const std::function<void(const Contents&)>& look) const {
    auto names = names_at_first_;
    std::map<std::size_t, std::string> durable;
    for (std::size_t i = 0; i < bodies_at_first_.size(); ++i) durable[i] = bodies_at_first_[i];
    std::map<std::size_t, std::vector<Op>> unsynced;
    std::vector<Op> unsynced_names;
    for (std::size_t i = 0; i < operations; ++i) {
        const auto& op = log_[i];
        if (op.kind == Op::Kind::written || op.kind == Op::Kind::resized)
            unsynced[op.body].push_back(op);
        if (op.kind == Op::Kind::synced) {
            for (const auto& write : unsynced[op.body]) apply(write, durable[op.body]);
            unsynced.erase(op.body);
        }
        if (op.kind <= Op::Kind::unnamed) unsynced_names.push_back(op);
        if (op.kind == Op::Kind::folder_synced) {
            for (const auto& change : unsynced_names) apply(change, names);
            unsynced_names.clear();
        }
    }
    // Each subset of the changes of names, with each outcome of one file, the others being whole or
    // as they were synced.
    const std::size_t subsets = std::size_t{1} << std::min<std::size_t>(unsynced_names.size(), 6);
    for (std::size_t subset = 0; subset < subsets; ++subset) {
        auto linked = names;
        for (std::size_t i = 0; i < unsynced_names.size(); ++i) {
            if (i >= 6 || (subset >> i & 1) != 0) apply(unsynced_names[i], linked);
        }
        std::set<Contents> seen;
        for (const bool others_whole : {false, true}) {
            Contents base;
            for (const auto& [name, body] : linked) {
                base[name] = durable[body];
                if (!others_whole) continue;
                for (const auto& write : unsynced[body]) apply(write, base[name]);
            }
            seen.insert(base);
            for (const auto& [name, body] : linked) {
                for (const auto& outcome : outcomes(durable[body], unsynced[body])) {
                    auto one = base;
                    one[name] = outcome;
                    seen.insert(std::move(one));
                }
            }
        }
        for (const auto& contents : seen) look(contents);
    }
}

}  // namespace mobilytics::sensor

#pragma once
// For tests against programs of others.

#include <array>
#include <cstdio>
#include <string>

#include "foundation/json.h"
#include "platform/crypto/files.h"
#include "platform/services/child_process.h"

namespace mobilytics::identity {

/// What a program prints, without the last line's end; empty, when it fails.
inline std::string said_by(const std::string& command) {
    std::FILE* program = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> some{};
    while (const auto size = std::fread(some.data(), 1, some.size(), program)) {
        out.append(some.data(), size);
    }
    if (pclose(program) != 0) return "";
    if (out.ends_with('\n')) out.pop_back();
    return out;
}

/// What `command` prints, given `input` on its standard input.
inline std::string said_by(const std::string& command, const std::string& input) {
    const services::TemporaryFolder folder;
    const auto file = folder.path() / "input";
    crypto::write_file(file, input, crypto::Readable::by_owner);
    return said_by(command + " < " + file.string());
}

/// The npm package `jose`, through tests/witnesses/jose.mjs.
inline boost::json::object said_by_jose(
    const std::string& deed, const boost::json::object& input = {}) {
    const auto said =
        said_by("node tests/witnesses/jose.mjs " + deed, boost::json::serialize(input));
    return said.empty() ? boost::json::object() : boost::json::parse(said).as_object();
}

}  // namespace mobilytics::identity

#pragma once
// Files as they lie about: packed or not, tables with commas or semicolons.

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/result.h"

namespace mobilytics::accuracy {

/// The whole file, unpacked if it is gzip. invalid `unreadable`, `too_large` (4 GiB).
Result<std::string> contents(const std::filesystem::path& file);

/// A table with a header, read line by line. Cells may be quoted.
class Table {
  public:
    /// invalid `no_columns`: a file without a header line.
    static Result<Table> read(const std::filesystem::path& file);

    /// The place of a column, by its name.
    std::optional<std::size_t> column(std::string_view name) const;
    /// The next line's cells; false at the end. They live until the next call.
    bool next();
    /// A cell of it; empty where the line is short, or there is no such column.
    std::string_view cell(std::optional<std::size_t> column) const;

  private:
    bool split_line();

    std::string text_;
    std::size_t at_ = 0;
    char separator_ = ',';
    std::vector<std::string> header_;
    std::vector<std::string> cells_;
};

/// A number that is the whole of the text.
std::optional<double> number(std::string_view text);
/// Octets of hexadecimal digits, with or without colons; none for anything else.
std::optional<std::vector<std::uint8_t>> octets(std::string_view text);
/// Milliseconds since 1970 of "2022-10-18 10:53:42.597864", taken as UTC.
std::optional<std::int64_t> time_ms(std::string_view text);

}  // namespace mobilytics::accuracy

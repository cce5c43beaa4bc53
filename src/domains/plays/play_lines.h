#pragma once
// From a file's text to the fields of its lines, CSV or JSON. For play_file.cpp.

#include <array>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "domains/plays/plays.h"

namespace mobilytics::plays {

/// The columns that are read, by these names.
BOOST_DEFINE_ENUM_CLASS(Column, face, creative, campaign, start, end, duration_s, hour, plays)
inline constexpr std::size_t kColumns = 8;

inline constexpr std::size_t kLineBytesMax = 4096;

/// What a line says; empty where it says nothing. Of the line that is being read, and no longer.
struct Fields {
    std::array<std::string, kColumns> of;

    const std::string& operator[](Column column) const {
        return of.at(static_cast<std::size_t>(column));
    }
    std::string& operator[](Column column) { return of.at(static_cast<std::size_t>(column)); }
};

/// Reads line by line. A line that holds nothing is none.
class LineReader {
  public:
    LineReader(std::string_view file, FileFormat format);

    /// What is wrong with the header; none of JSON lines.
    const std::vector<Fault>& header_faults() const { return header_faults_; }
    /// Of CSV: that it has this column; JSON lines may have any.
    bool may_have(Column column) const;
    /// Columns that are not read, as the file calls them; of CSV.
    const std::vector<std::string>& passed_over() const { return passed_over_; }

    /// False at the end. A line that cannot be read has a fault, and its fields are empty.
    bool next();
    std::int64_t number() const { return number_; }  // Of that line, from 1.
    const Fields& fields() const { return fields_; }
    const std::optional<Fault>& fault() const { return fault_; }

  private:
    bool next_text();
    void read_header();
    bool split(std::vector<std::string>& out) const;
    void read_csv();
    void read_json();
    void wrong(std::string detail);

    std::string_view rest_, text_;
    const FileFormat format_;
    std::int64_t number_ = 0;
    char separator_ = ',';
    std::vector<std::optional<Column>> columns_;
    std::vector<std::string> cells_, passed_over_;
    std::vector<Fault> header_faults_;
    Fields fields_;
    std::optional<Fault> fault_;
};

/// "/lines/17/start".
std::string pointer_of(std::int64_t line, std::string_view field);

}  // namespace mobilytics::plays

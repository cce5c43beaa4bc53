// GPX 1.0 and 1.1, track points only. Source: topografix.com/GPX/1/1. A document type, with which
// entities could be made to grow, is refused.

#include <cmath>

#include <expat.h>

#include "pipeline/sensor/decode/fix_parser.h"
#include "pipeline/sensor/decode/fix_text.h"

namespace mobilytics::sensor {

namespace {

constexpr std::size_t kDepthMax = 64;
constexpr std::size_t kTextBytesMax = 64;        // Of a time or a number.
constexpr std::size_t kTokenBytesMax = 1 << 20;  // Without any element: somebody is filling memory.

std::string_view local_name(std::string_view name) { return name.substr(name.find(':') + 1); }

class Gpx final : public FixParser {
  public:
    Gpx() : parser_(XML_ParserCreate(nullptr), XML_ParserFree) {
        VERIFY(parser_ != nullptr);
        XML_SetUserData(parser_.get(), this);
        XML_SetElementHandler(
            parser_.get(),
            [](void* self, const XML_Char* name, const XML_Char** attributes) {
                static_cast<Gpx*>(self)->begin(name, attributes);
            },
            [](void* self, const XML_Char* name) { static_cast<Gpx*>(self)->end(name); });
        XML_SetCharacterDataHandler(parser_.get(), [](void* self, const XML_Char* text, int size) {
            static_cast<Gpx*>(self)->add_text({text, static_cast<std::size_t>(size)});
        });
        XML_SetStartDoctypeDeclHandler(
            parser_.get(), [](void* self, const XML_Char*, const XML_Char*, const XML_Char*, int) {
                static_cast<Gpx*>(self)->stop("a document type is not allowed");
            });
    }

    Result<> read(std::string_view chunk, bool last, std::vector<Fix>& fixes) override {
        fixes_ = &fixes;
        constexpr std::size_t kStepBytes = 1 << 16;
        do {
            const std::string_view step = chunk.substr(0, kStepBytes);
            chunk.remove_prefix(step.size());
            silent_bytes_ += step.size();
            const bool final = last && chunk.empty();
            const auto status =
                XML_Parse(parser_.get(), step.data(), static_cast<int>(step.size()), final ? 1 : 0);
            if (problem_ == nullptr && status != XML_STATUS_OK) {
                problem_ = XML_ErrorString(XML_GetErrorCode(parser_.get()));
            }
            if (problem_ == nullptr && silent_bytes_ > kTokenBytesMax) {
                problem_ = "there is no element for too long";
            }
            if (problem_ != nullptr) return fail(ErrorKind::invalid, code_, problem_);
        } while (!chunk.empty());
        return {};
    }

  private:
    void stop(const char* problem) {
        if (problem_ == nullptr) problem_ = problem;
        XML_StopParser(parser_.get(), XML_FALSE);
    }

    void begin(std::string_view name, const XML_Char** attributes) {
        silent_bytes_ = 0;
        name = local_name(name);
        if (depth_ == 0 && name != "gpx") return stop("the root element is not gpx");
        if (++depth_ > kDepthMax) return stop("elements are nested too deep");
        code_ = "bad_gpx";
        text_.clear();
        if (name != "trkpt" || in_point_) return;
        in_point_ = true;
        point_ = {};
        time_faulty_ = false;
        point_.latitude_deg = point_.longitude_deg = NAN;
        for (; attributes[0] != nullptr; attributes += 2) {
            const std::string_view attribute(attributes[0]);
            const double value = read_number(attributes[1]).value_or(NAN);
            if (attribute == "lat") point_.latitude_deg = value;
            if (attribute == "lon") point_.longitude_deg = value;
        }
    }

    void add_text(std::string_view text) {
        if (in_point_ && text_.size() + text.size() <= kTextBytesMax) text_ += text;
    }

    void end(std::string_view name) {
        silent_bytes_ = 0;
        --depth_;
        if (!in_point_) return;
        name = local_name(name);
        if (name == "time") {
            point_.at = read_iso_time(text_);
            time_faulty_ = !point_.at;
        }
        if (name == "speed") point_.speed_m_s = read_number(text_);
        if (name == "course") point_.heading_deg = read_number(text_);
        if (name != "trkpt") return;
        in_point_ = false;
        if (time_faulty_) return filter_.drop(FixDrop::bad_time);
        if (const auto fix = filter_.check(point_)) fixes_->push_back(*fix);
    }

    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser_;
    std::vector<Fix>* fixes_ = nullptr;
    const char* problem_ = nullptr;
    const char* code_ = "not_gpx";
    std::size_t silent_bytes_ = 0;
    std::size_t depth_ = 0;
    bool in_point_ = false;
    bool time_faulty_ = false;
    RawFix point_;
    std::string text_;
};

}  // namespace

std::unique_ptr<FixParser> gpx_parser() { return std::make_unique<Gpx>(); }

}  // namespace mobilytics::sensor

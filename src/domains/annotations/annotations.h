#pragma once
// What a company notes beside its figures, for who reads them: that it snowed, that the street was
// closed. A note changes no figure.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "foundation/named_ids.h"
#include "foundation/vocabulary.h"

namespace mobilytics::assets {
class Assets;
}
namespace mobilytics::pg {
class Pool;
}

namespace mobilytics::annotations {

using mobilytics::AssetId;
using AnnotationId = Id<struct Annotation>;

BOOST_DEFINE_ENUM_CLASS(AnnotationKind, weather, holiday, event, roadworks, maintenance, other)

struct NewAnnotation {
    AnnotationKind kind{};
    std::string text;
    Instant from, to;                // [from, to).
    std::vector<AssetId> asset_ids;  // Empty: all of the company's.
};

struct Annotation {
    static constexpr std::string_view kIdPrefix = "annotation";

    AnnotationId id;
    AnnotationKind kind{};
    std::string text;
    Instant from, to;
    std::vector<AssetId> asset_ids;
    Instant made_at;
};
using AnnotationPage = Page<Annotation>;

/// Those that touch [from, to).
struct AnnotationQuery {
    std::optional<Instant> from, to;
};

/// Every operation is one transaction, and sees the rows of the caller's company only.
class Annotations {
  public:
    /// What it is given must outlive this.
    Annotations(pg::Pool& pool, const Clock& clock, assets::Assets& assets)
        : pool_(pool), clock_(clock), assets_(assets) {}

    /// The oldest first. invalid `bad_id`, for a cursor that we did not give.
    Result<AnnotationPage> list_annotations(
        const Caller& caller, const PageRequest& page, const AnnotationQuery& query);
    /// invalid `bad_annotation`, with all faults; not_found `no_such_asset`.
    Result<Annotation> make_annotation(const Caller& caller, NewAnnotation wanted);
    /// The same; not_found `no_such_annotation`.
    Result<Annotation> replace_annotation(
        const Caller& caller, AnnotationId id, NewAnnotation wanted);
    /// not_found `no_such_annotation`.
    Result<> remove_annotation(const Caller& caller, AnnotationId id);

  private:
    pg::Pool& pool_;
    const Clock& clock_;
    assets::Assets& assets_;
};

}  // namespace mobilytics::annotations

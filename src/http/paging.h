#pragma once
#include "http/json_text.h"
#include "http/message.h"

#include <cstdint>
#include <optional>
#include <string>

namespace http {

/// Makes and checks the opaque cursors of lists. A cursor holds the last row's key and is bound by HMAC-SHA-256 to its
/// list and its reader: one that was altered, or belongs to another list or member, is a bad request.
class Cursors {
public:
    explicit Cursors(std::string key) : key_{std::move(key)} {}

    /// `scope` names the list and its reader, e.g. "orders:42".
    std::string make(const std::string& scope, std::int64_t last) const;

    /// @throws BadRequest if the cursor is none of ours for this scope.
    std::int64_t read(const std::string& scope, const std::string& cursor) const;

private:
    std::string tag(const std::string& scope, std::int64_t last) const;

    std::string key_;
};

/// What part of a list is asked for.
struct Page {
    int limit{25};                       ///< 1 to 100
    std::optional<std::int64_t> after{}; ///< the key of the last row already seen
};

/// Reads ?limit= and ?cursor=. @throws BadRequest if either makes no sense.
Page page_of(const Request& request, const Cursors& cursors, const std::string& scope);

/// {"items":[…],"next":cursor|null} with a Link to the next page. `last` is the key of the last item if more follow.
Response list_answer(const Request& request, const JsonText& items, const Page& page, const Cursors& cursors, const std::string& scope,
    std::optional<std::int64_t> last);

/// The page of a list that the request asks for. `rows(after, limit)` gives at most `limit` rows behind a key (one more than the page
/// holds is asked for: it tells whether more follow), `key_of(row)` a row's key, `json_of(row)` what is shown of it.
template <class Rows, class KeyOf, class JsonOf>
Response list_page(
    const Request& request, const Cursors& cursors, const std::string& scope, const Rows& rows, const KeyOf& key_of, const JsonOf& json_of)
{
    const auto page = page_of(request, cursors, scope);
    auto found = rows(page.after, page.limit + 1);
    const bool more = found.size() > static_cast<std::size_t>(page.limit);
    if (more) found.pop_back();
    auto items = JsonText::array();
    for (const auto& row : found) items.push(json_of(row));
    return list_answer(
        request, items, page, cursors, scope, more ? std::optional{static_cast<std::int64_t>(key_of(found.back()))} : std::nullopt);
}

} // namespace http

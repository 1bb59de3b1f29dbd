#include "http/router.h"

#include "http/problem.h"

#include <algorithm>
#include <set>

namespace http {
namespace {

std::vector<std::string> split_path(std::string_view path)
{
    std::vector<std::string> parts;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        parts.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return parts;
        path.remove_prefix(slash + 1);
    }
}

bool is_placeholder(const std::string& part) { return part.starts_with('{'); }

/// What stands behind the placeholder, as ".pdf" in "{number}.pdf".
std::string_view suffix_of(const std::string& placeholder) { return std::string_view{placeholder}.substr(placeholder.find('}') + 1); }

bool stands_for(const std::string& placeholder, const std::string& given)
{
    const auto suffix = suffix_of(placeholder);
    return given.size() > suffix.size() && given.ends_with(suffix);
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& parts)
{
    return std::ranges::equal(pattern, parts,
        [](const auto& wanted, const auto& given) { return is_placeholder(wanted) ? stands_for(wanted, given) : wanted == given; });
}

bool changes_state(const std::string& method) { return method != "GET" && method != "HEAD" && method != "OPTIONS"; }

/// True for an Origin header whose host is not the one that was asked.
bool is_foreign_origin(const Request& request)
{
    const auto origin = request.param("HTTP_ORIGIN");
    if (origin.empty()) return false;
    const auto host = origin.find("://");
    return host == std::string_view::npos || origin.substr(host + 3) != request.param("HTTP_HOST");
}

bool is_media_type(std::string_view given, const std::string& wanted)
{
    if (!given.starts_with(wanted)) return false;
    return given.size() == wanted.size() || given[wanted.size()] == ';' || given[wanted.size()] == ' ';
}

/// A browser sends Basic credentials by itself, so a page of another site could act for the member: such requests say
/// so in Sec-Fetch-Site, and plain forms cannot send the media types that are taken.
void refuse_cross_site(const Request& request, const std::vector<std::string>& media_types)
{
    if (!changes_state(request.method)) return;
    if (request.param("HTTP_SEC_FETCH_SITE") == "cross-site" || is_foreign_origin(request))
        throw Rejected{403, "cross_site_request", "requests made by pages of other sites are refused"};
    const auto type = request.param("CONTENT_TYPE");
    const bool taken = std::ranges::any_of(media_types, [&](const auto& wanted) { return is_media_type(type, wanted); });
    if (!request.body.empty() && !taken)
        throw Rejected{415, "unsupported_media_type", "send the body as Content-Type: " + media_types.front()};
}

} // namespace

Router::Router() : failure_{problem_of_current_exception} {}

Router::Router(Handler otherwise) : Router{std::move(otherwise), problem_of_current_exception} {}

void Router::on(std::string method, std::string pattern, Handler handler)
{
    on(std::move(method), std::move(pattern), {"application/json"}, std::move(handler));
}

void Router::on(std::string method, std::string pattern, std::vector<std::string> media_types, Handler handler)
{
    auto parts = split_path(pattern);
    entries_.push_back({{std::move(method), std::move(pattern)}, std::move(parts), std::move(media_types), std::move(handler)});
}

Response Router::answer(Request request) const
{
    try {
        return responsible_for(request).dispatch(request);
    } catch (...) {
        return failure(request);
    }
}

Response Router::failure(const Request& request) const { return responsible_for(request).failure_(request); }

const Router& Router::responsible_for(const Request& request) const
{
    for (const auto& [prefix, other] : others_)
        if (request.path.starts_with(prefix)) return other->responsible_for(request);
    return *this;
}

std::vector<Route> Router::routes() const
{
    std::vector<Route> routes;
    for (const auto& entry : entries_) routes.push_back(entry.route);
    return routes;
}

Response Router::dispatch(Request& request) const
{
    const auto parts = split_path(request.path);
    const auto wanted = request.method == "HEAD" ? std::string{"GET"} : request.method;
    std::set<std::string> allowed;
    for (const auto& entry : entries_) {
        if (!matches(entry.parts, parts)) continue;
        allowed.insert(entry.route.method);
        if (entry.route.method != wanted) continue;

        if (!otherwise_) refuse_cross_site(request, entry.media_types);
        for (std::size_t i = 0; i < parts.size(); ++i)
            if (is_placeholder(entry.parts[i]))
                request.segments.push_back(parts[i].substr(0, parts[i].size() - suffix_of(entry.parts[i]).size()));
        return entry.handler(request);
    }
    if (otherwise_) return otherwise_(request);
    if (allowed.empty()) throw domain::Refusal{domain::Reason::not_found, "there is nothing at this path"};

    if (allowed.contains("GET")) allowed.insert("HEAD");
    allowed.insert("OPTIONS");
    std::string list;
    for (const auto& method : allowed) list += (list.empty() ? "" : ", ") + method;
    if (request.method == "OPTIONS") return Response{.status = 204}.with("Allow", list);
    throw Rejected{405, "method_not_allowed", "this path answers " + list, {{"Allow", list}}};
}

} // namespace http

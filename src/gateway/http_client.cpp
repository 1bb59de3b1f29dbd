#include "gateway/http_client.h"

#include <curl/curl.h>
#include <strings.h>

#include <memory>
#include <new>
#include <stdexcept>

namespace gateway {
namespace {

struct CleanUp {
    void operator()(CURL* handle) const noexcept { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const noexcept { curl_slist_free_all(list); }
};
using Handle = std::unique_ptr<CURL, CleanUp>;
using HeaderList = std::unique_ptr<curl_slist, CleanUp>;

/// The thread's own handle: with it live its connections, and TLS sessions.
CURL* own_handle()
{
    static const CURLcode library = curl_global_init(CURL_GLOBAL_DEFAULT); // once, before any handle
    thread_local const Handle handle{library == CURLE_OK ? curl_easy_init() : nullptr};
    if (!handle) throw std::bad_alloc{};
    curl_easy_reset(handle.get());
    return handle.get();
}

void append(HeaderList& list, const std::string& line)
{
    if (line.find_first_of("\r\n") != std::string::npos) throw std::invalid_argument{"an HTTP header holds a line break"};
    auto* longer = curl_slist_append(list.get(), line.c_str());
    if (!longer) throw std::bad_alloc{};
    static_cast<void>(list.release()); // the longer list is the same one
    list.reset(longer);
}

HeaderList header_list(const HttpRequest& request)
{
    HeaderList list;
    append(list, "Expect:"); // else curl waits for "100 Continue" before larger bodies
    for (const auto& [name, value] : request.headers) append(list, name + ": " + value);
    return list;
}

/// Where the answer's body is gathered.
struct Basket {
    std::string& body;
    std::size_t max;
};

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* basket) noexcept
try {
    auto& [body, max] = *static_cast<Basket*>(basket);
    if (size * count > max - body.size()) return 0; // ends the exchange
    body.append(bytes, size * count);
    return size * count;
} catch (const std::bad_alloc&) {
    return 0;
}

void set_up(CURL* curl, const HttpRequest& request, const HeaderList& headers, Basket& basket)
{
    curl_easy_setopt(curl, CURLOPT_URL, request.url.c_str());
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYPEER, request.check_certificate ? 1L : 0L);
    curl_easy_setopt(curl, CURLOPT_SSL_VERIFYHOST, request.check_certificate ? 2L : 0L);
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L); // timeouts without SIGALRM: we have threads
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(request.connect_timeout.count()));
    curl_easy_setopt(curl, CURLOPT_TIMEOUT_MS, static_cast<long>(request.timeout.count()));
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, &take);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &basket);
    if (!request.ca_file.empty()) curl_easy_setopt(curl, CURLOPT_CAINFO, request.ca_file.c_str());
    if (request.own_connection) curl_easy_setopt(curl, CURLOPT_FRESH_CONNECT, 1L);
    if (request.method != "GET") {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request.body.size()));
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, request.body.empty() ? "" : request.body.data());
        curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, request.method.c_str());
    }
}

std::vector<std::pair<std::string, std::string>> received_headers(CURL* curl)
{
    std::vector<std::pair<std::string, std::string>> headers;
    for (curl_header* each = nullptr; (each = curl_easy_nextheader(curl, CURLH_HEADER, -1, each)) != nullptr;)
        headers.emplace_back(each->name, each->value);
    return headers;
}

} // namespace

std::string_view HttpAnswer::header(std::string_view name) const
{
    for (const auto& [key, value] : headers)
        if (key.size() == name.size() && ::strncasecmp(key.data(), name.data(), name.size()) == 0) return value;
    return {};
}

HttpAnswer exchange(const HttpRequest& request)
{
    auto* curl = own_handle();
    const auto headers = header_list(request);
    HttpAnswer answer;
    Basket basket{answer.body, request.max_answer};
    set_up(curl, request, headers, basket);
    char fault[CURL_ERROR_SIZE] = "";
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, fault);
    const auto result = curl_easy_perform(curl);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, nullptr); // the handle outlives it
    if (result != CURLE_OK) {
        long sent = 0;
        curl_easy_getinfo(curl, CURLINFO_REQUEST_SIZE, &sent);
        return {.sent = sent > 0, .fault = *fault ? fault : curl_easy_strerror(result)};
    }

    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    answer.status = static_cast<int>(status);
    answer.headers = received_headers(curl);
    return answer;
}

std::string url_escaped(std::string_view text)
{
    if (text.empty()) return ""; // of length 0 curl would look for an end
    const std::unique_ptr<char, decltype(&curl_free)> escaped{
        curl_easy_escape(nullptr, text.data(), static_cast<int>(text.size())), &curl_free};
    if (!escaped) throw std::bad_alloc{};
    return escaped.get();
}

} // namespace gateway

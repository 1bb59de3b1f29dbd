#include "api/client.h"

#include "api/stack.h"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <openssl/evp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <ostream>
#include <stdexcept>

namespace api_test {
namespace {

bool same_name(std::string_view a, std::string_view b)
{
    return std::ranges::equal(a, b, [](char x, char y) { return (x | 0x20) == (y | 0x20); });
}

std::string_view trimmed(std::string_view text)
{
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == '\r' || text.back() == '\n' || text.back() == ' ')) text.remove_suffix(1);
    return text;
}

/// Takes a status line, a header or the empty line; a later status line (after 100 Continue) begins anew.
void take_head_line(Answer& answer, std::string_view line)
{
    line = trimmed(line);
    if (line.starts_with("HTTP/") && line.size() >= 12) {
        answer.headers.clear();
        answer.status = std::atoi(std::string{line.substr(line.find(' ') + 1, 3)}.c_str());
        return;
    }
    const auto colon = line.find(':');
    if (colon != std::string_view::npos) answer.headers.emplace_back(line.substr(0, colon), trimmed(line.substr(colon + 1)));
}

std::size_t on_header(char* bytes, std::size_t size, std::size_t count, void* answer)
{
    take_head_line(*static_cast<Answer*>(answer), {bytes, size * count});
    return size * count;
}

std::size_t on_body(char* bytes, std::size_t size, std::size_t count, void* answer)
{
    static_cast<Answer*>(answer)->body.append(bytes, size * count);
    return size * count;
}

bool names(const Headers& headers, std::string_view name)
{
    return std::ranges::any_of(headers, [&](const auto& header) { return same_name(header.first, name); });
}

/// A header list that curl takes; a body is JSON unless the headers say otherwise.
class HeaderList {
public:
    explicit HeaderList(const Call& call)
    {
        for (const auto& [name, value] : call.headers) add(value.empty() ? name + ';' : name + ": " + value);
        if (call.body && !names(call.headers, "Content-Type")) add("Content-Type: application/json");
        if (!call.body && !names(call.headers, "Content-Type")) add("Content-Type:");
        add("Expect:");
    }
    ~HeaderList() { curl_slist_free_all(list_); }
    HeaderList(const HeaderList&) = delete;
    HeaderList& operator=(const HeaderList&) = delete;
    curl_slist* get() const { return list_; }

private:
    void add(const std::string& line) { list_ = curl_slist_append(list_, line.c_str()); }
    curl_slist* list_{nullptr};
};

struct Socket {
    explicit Socket(int timeout_s) : descriptor{::socket(AF_INET, SOCK_STREAM, 0)}
    {
        const timeval patience{timeout_s, 0};
        ::setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        ::setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(environment("PORT"))));
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
            throw std::runtime_error{"the site takes no connection"};
    }
    ~Socket() { ::close(descriptor); }
    Socket(const Socket&) = delete;
    Socket& operator=(const Socket&) = delete;

    int descriptor;
};

Answer parse_answer(std::string_view text)
{
    Answer answer;
    auto end = text.find("\r\n\r\n");
    if (end == std::string_view::npos) return answer;
    answer.body = text.substr(end + 4);
    for (auto head = text.substr(0, end + 2); !head.empty();) {
        const auto line_end = head.find("\r\n");
        take_head_line(answer, head.substr(0, line_end));
        head.remove_prefix(line_end + 2);
    }
    return answer;
}

} // namespace

Json::Json(json_t* borrowed) : value_{json_incref(borrowed), [](json_t* value) { json_decref(value); }} {}

Json Json::parse(std::string_view text)
{
    auto* value = json_loadb(text.data(), text.size(), JSON_REJECT_DUPLICATES | JSON_DECODE_ANY, nullptr);
    if (!value) return {};
    Json json{value};
    json_decref(value);
    return json;
}

Json Json::operator[](const char* member) const
{
    auto* found = json_object_get(value_.get(), member);
    return found ? Json{found} : Json{};
}

Json Json::operator[](std::size_t index) const
{
    auto* found = json_array_get(value_.get(), index);
    return found ? Json{found} : Json{};
}

std::size_t Json::size() const { return json_is_array(value_.get()) ? json_array_size(value_.get()) : json_object_size(value_.get()); }

std::string Json::text() const
{
    return json_is_string(value_.get()) ? std::string{json_string_value(value_.get()), json_string_length(value_.get())} : "";
}

std::int64_t Json::number() const { return json_integer_value(value_.get()); }

std::string Json::dump() const
{
    if (!value_) return "(nothing)";
    const std::unique_ptr<char, decltype(&std::free)> text{json_dumps(value_.get(), JSON_COMPACT | JSON_ENCODE_ANY), &std::free};
    return text.get();
}

std::string Answer::header(std::string_view name) const
{
    for (const auto& [key, value] : headers)
        if (same_name(key, name)) return value;
    return "";
}

std::size_t Answer::count(std::string_view name) const
{
    return static_cast<std::size_t>(std::ranges::count_if(headers, [&](const auto& header) { return same_name(header.first, name); }));
}

std::ostream& operator<<(std::ostream& out, const Answer& answer)
{
    return out << answer.status << ' ' << answer.header("Content-Type") << ' ' << answer.body.substr(0, 600);
}

void Client::Release::operator()(void* handle) const noexcept { curl_easy_cleanup(handle); }

Client::Client(std::optional<Credentials> credentials) : credentials_{std::move(credentials)}
{
    static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
    curl_.reset(curl_easy_init());
    if (started != CURLE_OK || !curl_) throw std::runtime_error{"no curl"};
}

Answer Client::send(const Call& call)
{
    auto* curl = curl_.get();
    curl_easy_reset(curl); // keeps the connection
    Answer answer;
    auto url = environment("TEST_URL") + call.path;
    const HeaderList headers{call};
    curl_easy_setopt(curl, CURLOPT_URL, url.c_str());
    curl_easy_setopt(curl, CURLOPT_PATH_AS_IS, 1L);
    curl_easy_setopt(curl, CURLOPT_NOPROXY, "*");
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 30L);
    curl_easy_setopt(curl, CURLOPT_CUSTOMREQUEST, call.method.c_str());
    curl_easy_setopt(curl, CURLOPT_NOBODY, call.method == "HEAD" ? 1L : 0L);
    if (call.body) {
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, call.body->data());
        curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(call.body->size()));
    }
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers.get());
    if (credentials_) {
        curl_easy_setopt(curl, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
        curl_easy_setopt(curl, CURLOPT_USERNAME, credentials_->username.c_str());
        curl_easy_setopt(curl, CURLOPT_PASSWORD, credentials_->password.c_str());
    }
    curl_easy_setopt(curl, CURLOPT_HEADERFUNCTION, on_header);
    curl_easy_setopt(curl, CURLOPT_HEADERDATA, &answer);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &answer);
    if (curl_easy_perform(curl) != CURLE_OK && answer.status < 400) answer.status = 0;
    return answer;
}

std::string base64(std::string_view bytes)
{
    std::string text((bytes.size() + 2) / 3 * 4 + 1, '\0');
    const int size = EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
        static_cast<int>(bytes.size()));
    text.resize(static_cast<std::size_t>(size));
    return text;
}

std::string basic(std::string_view username, std::string_view password)
{
    return "Basic " + base64(std::string{username} + ':' + std::string{password});
}

Answer exchange(const std::string& bytes, int seconds)
{
    const Socket socket{seconds};
    for (std::size_t sent = 0; sent < bytes.size();) {
        const auto put = ::send(socket.descriptor, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
        if (put <= 0) break; // it answered early and closed
        sent += static_cast<std::size_t>(put);
    }
    std::string text;
    char buffer[16384];
    while (true) {
        const auto got = ::recv(socket.descriptor, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        text.append(buffer, static_cast<std::size_t>(got));
    }
    return parse_answer(text);
}

} // namespace api_test

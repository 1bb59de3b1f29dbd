#include "http/serve.h"

#include "domain/hex.h"
#include "http/problem.h"
#include "logging/log.h"

#include <fcgiapp.h>
#include <fcntl.h>
#include <openssl/rand.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include <atomic>
#include <charconv>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <cstring>
#include <iostream>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

namespace http {
namespace {

std::string fresh_id()
{
    unsigned char bytes[16];
    if (RAND_bytes(bytes, sizeof bytes) != 1) throw std::runtime_error{"no random bytes"};
    return domain::to_hex(bytes);
}

Request read_params(char** envp)
{
    Request request;
    for (; envp && *envp; ++envp) {
        const std::string_view pair{*envp};
        const auto equals = pair.find('=');
        if (equals != std::string_view::npos) request.params.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
    }
    request.method = request.param("REQUEST_METHOD");
    request.path = request.param("PATH_INFO");
    request.query = request.param("QUERY_STRING");
    request.id = request.param("REQUEST_ID");
    if (request.id.empty()) request.id = fresh_id();
    return request;
}

/// The announced body length. @throws BadRequest, Rejected (413).
std::size_t content_length(const Request& request, std::size_t max)
{
    const auto text = request.param("CONTENT_LENGTH");
    if (text.empty()) return 0;
    std::size_t length = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), length);
    if (error == std::errc::result_out_of_range || (error == std::errc{} && length > max))
        throw Rejected{413, "body_too_large", "the body may have at most " + std::to_string(max) + " bytes"};
    if (error != std::errc{} || end != text.data() + text.size()) throw BadRequest{"Content-Length is not a number"};
    return length;
}

/// An identity that came twice came once from somebody else than nginx.
void refuse_doubled_identity(const Request& request)
{
    for (const char* name : {"REMOTE_USER", "MEMBER_ID", "MEMBER_GROUPS"})
        if (request.count(name) > 1) throw BadRequest{"the identity of the request is ambiguous"};
}

/// Reads the body by `read(buffer, size) -> bytes` and answers.
template <class Read> Response answer(const Router& router, Request& request, const ServeOptions& options, Read read)
{
    try {
        refuse_doubled_identity(request);
        request.body.resize(content_length(request, options.max_body));
        std::size_t have = 0;
        while (have < request.body.size()) {
            const auto got = read(request.body.data() + have, request.body.size() - have);
            if (got == 0) throw BadRequest{"the body ends before its announced length"};
            have += got;
        }
    } catch (...) {
        return router.failure(request);
    }
    return router.answer(request);
}

/// RFC 9110 §15; for the eyes of people only.
const char* reason_phrase(int status)
{
    switch (status) {
    case 200: return "OK";
    case 201: return "Created";
    case 202: return "Accepted";
    case 204: return "No Content";
    case 304: return "Not Modified";
    case 400: return "Bad Request";
    case 401: return "Unauthorized";
    case 402: return "Payment Required";
    case 403: return "Forbidden";
    case 404: return "Not Found";
    case 405: return "Method Not Allowed";
    case 409: return "Conflict";
    case 412: return "Precondition Failed";
    case 413: return "Content Too Large";
    case 415: return "Unsupported Media Type";
    case 422: return "Unprocessable Content";
    case 429: return "Too Many Requests";
    case 460: return "Resource Expired"; // of the cart API, no status of the RFC
    case 500: return "Internal Server Error";
    case 503: return "Service Unavailable";
    default: return "Other";
    }
}

std::string print(const Request& request, const Response& response)
{
    std::string text;
    text.reserve(response.body.size() + 256);
    text += "Status: " + std::to_string(response.status) + ' ' + reason_phrase(response.status) + "\r\n";
    if (response.status != 204) {
        text += "Content-Type: " + response.content_type + "\r\n";
        text += "Content-Length: " + std::to_string(response.body.size()) + "\r\n";
    }
    bool cache_told = false;
    for (const auto& [name, value] : response.headers) {
        text += name + ": " + value + "\r\n";
        cache_told = cache_told || name == "Cache-Control";
    }
    if (!cache_told) text += "Cache-Control: no-store\r\n";
    text += "X-Request-Id: " + request.id + "\r\nX-Api-Version: 1.0\r\n\r\n";
    if (request.method != "HEAD") text += response.body;
    return text;
}

void log_request(const Request& request, const Response& response, std::chrono::steady_clock::time_point start)
{
    const auto us = std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - start).count();
    logging::event("info", "request",
        {{"request_id", request.id}, {"method", request.method}, {"path", request.path}, {"user", request.param("REMOTE_USER")},
            {"status", std::to_string(response.status)}, {"us", std::to_string(us)}});
}

/// Where the workers wait for the next connection. Only one of them watches at a time, so that a connection wakes one
/// thread; stop() wakes all. The listening socket is shared with the supervisor and perhaps other processes, so it must
/// not be shut down: what still queues there is for our successor.
class Door {
public:
    explicit Door(int socket) : socket_{socket}, stop_{::eventfd(0, EFD_CLOEXEC)}
    {
        if (stop_ < 0 || ::fcntl(socket, F_SETFL, ::fcntl(socket, F_GETFL) | O_NONBLOCK) < 0)
            throw std::system_error{errno, std::generic_category(), "listening socket"};
    }
    ~Door() { ::close(stop_); }
    Door(const Door&) = delete;
    Door& operator=(const Door&) = delete;

    bool closed() const { return closed_; }

    /// Returns when a connection can be accepted (another thread may be quicker) or it is time to leave.
    void wait()
    {
        const std::lock_guard lock{watching_};
        pollfd events[] = {{socket_, POLLIN, 0}, {stop_, POLLIN, 0}};
        while (::poll(events, 2, -1) < 0 && errno == EINTR) {}
    }

    void stop()
    {
        closed_ = true;
        const std::uint64_t one = 1;
        if (::write(stop_, &one, sizeof one) < 0) std::abort();
    }

private:
    int socket_;
    int stop_;
    std::atomic<bool> closed_{false};
    std::mutex watching_;
};

/// One thread of a FastCGI program: one request at a time until the door closes.
void work(const Router& router, const ServeOptions& options, int socket, Door& door)
{
    FCGX_Request raw;
    FCGX_InitRequest(&raw, socket, FCGI_FAIL_ACCEPT_ON_INTR);
    while (!door.closed()) {
        if (FCGX_Accept_r(&raw) != 0) { // nothing queues
            door.wait();
            continue;
        }
        const auto start = std::chrono::steady_clock::now();
        auto request = read_params(raw.envp);
        const auto response = answer(router, request, options, [&](char* buffer, std::size_t size) {
            const int got = FCGX_GetStr(buffer, static_cast<int>(size), raw.in);
            return got > 0 ? static_cast<std::size_t>(got) : 0;
        });
        const auto reply = print(request, response);
        FCGX_PutStr(reply.data(), static_cast<int>(reply.size()), raw.out);
        FCGX_Finish_r(&raw);
        log_request(request, response, start);
    }
    FCGX_Free(&raw, 1);
}

int answer_as_cgi(const Router& router, const ServeOptions& options)
{
    auto request = read_params(environ);
    const auto response = answer(router, request, options, [](char* buffer, std::size_t size) {
        std::cin.read(buffer, static_cast<std::streamsize>(size));
        return static_cast<std::size_t>(std::cin.gcount());
    });
    std::cout << print(request, response) << std::flush;
    return EXIT_SUCCESS;
}

bool is_listening(int descriptor)
{
    int listening = 0;
    socklen_t size = sizeof listening;
    return ::getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &listening, &size) == 0 && listening != 0;
}

std::optional<int> inherited_socket()
{
    const char* pid = std::getenv("LISTEN_PID");
    if (pid && std::to_string(::getpid()) == pid && is_listening(3)) return 3;
    if (is_listening(0)) return 0;
    return std::nullopt;
}

} // namespace

int serve(const Router& router, const ServeOptions& options)
{
    const auto socket = inherited_socket();
    if (!socket) return answer_as_cgi(router, options);

    FCGX_Init();
    std::signal(SIGPIPE, SIG_IGN);
    sigset_t stop;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    pthread_sigmask(SIG_BLOCK, &stop, nullptr); // the workers inherit this

    Door door{*socket};
    std::vector<std::jthread> workers;
    for (int i = 0; i < options.threads; ++i) workers.emplace_back([&] { work(router, options, *socket, door); });
    logging::event("info", "serving", {{"threads", std::to_string(options.threads)}});

    int signal = 0;
    sigwait(&stop, &signal);
    logging::event("info", "stopping", {{"signal", strsignal(signal)}});
    door.stop();
    return EXIT_SUCCESS; // the workers finish their requests and join
}

} // namespace http

#include "stripe_gateway.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <stdexcept>

using namespace site;

namespace stripe_gateway {
namespace {

Answer ask_gateway(
    const std::string& method, const std::string& path, const std::string& form, const std::string& key, std::vector<std::string> headers)
{
    if (!key.empty()) headers.push_back("Authorization: Bearer " + key);
    return ask({.method = method,
        .path = url(path),
        .body = form,
        .headers = std::move(headers),
        .content_type = "application/x-www-form-urlencoded"});
}

const std::string secret_key{"sk_test_of_the_tests"};
const std::string page_key{"pk_test_of_the_tests"};

void set_clock(const std::string& now)
{
    if (the_operator.send("POST", "/admin/test-clock", R"({"now":")" + now + "\"}").status != 200)
        throw std::runtime_error{"the test clock cannot be set"};
}

std::string date(const std::string& wish) { return shell("date --utc --date='" + wish + "' +%FT%TZ | tr -d '\\n'"); }

} // namespace

std::string url(const std::string& path) { return path.starts_with('/') ? environment("TEST_STRIPE_URL") + path : path; }

Answer post(const std::string& path, const std::string& form, std::vector<std::string> headers)
{
    return ask_gateway("POST", path, form, secret_key, std::move(headers));
}

Answer get(const std::string& path, std::vector<std::string> headers)
{
    return ask_gateway("GET", path, "", secret_key, std::move(headers));
}

Answer remove(const std::string& path) { return ask_gateway("DELETE", path, "", secret_key, {}); }

Answer post_as_browser(const std::string& path, const std::string& form)
{
    return ask_gateway("POST", path, "key=" + page_key + '&' + form, "", {"Origin: https://shop.example"});
}

Answer get_as_browser(const std::string& path) { return ask_gateway("GET", path + "&key=" + page_key, "", "", {}); }

std::string customer() { return post("/v1/customers", "name=Nico").at("id"); }

std::string payment(const std::string& payment_method, const std::string& more)
{
    return "amount=500&currency=chf&payment_method_types[0]=card&confirm=true&payment_method=" + payment_method + more;
}

std::size_t size_of(const Answer& list)
{
    const auto document = list.json();
    return json_array_size(json_object_get(document.get(), "data"));
}

std::string answer_challenge(const std::string& page, const std::string& outcome)
{
    const auto answer = ask_gateway("POST", page, "outcome=" + outcome, "", {});
    return answer.status == 303 ? answer.header("location") : "";
}

void let_worker_rest()
{
    const auto today = shell("TZ=Europe/Zurich date +%F | tr -d '\\n'");
    const auto left = "mariadb --no-defaults --socket \"$(readlink -f " + environment("TEST_VAR") + "/run)/mariadb.sock\" -BN uncloud -e \""
        + "SELECT (SELECT COUNT(*) FROM jobs WHERE state = 'leased' OR state = 'queued' AND not_before <= NOW(6))"
          " + (SELECT COUNT(*) FROM billing_runs WHERE open_on IS NOT NULL)"
          " + (SELECT COUNT(*) FROM receivables WHERE open_minor > 0 AND attend_on <= '"
        + today
        + "')"
          " + (SELECT COUNT(*) FROM orders o LEFT JOIN vat_ids v ON v.held_member = o.member_id WHERE o.next_due_on <= '"
        + today + "' AND v.member_id IS NULL)\"";
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{10};
    while (shell(left) != "0\n" && std::chrono::steady_clock::now() < until) std::this_thread::sleep_for(std::chrono::milliseconds{100});
}

LaterBy::LaterBy(std::chrono::seconds time) { set_clock(date("+" + std::to_string(time.count()) + " seconds")); }
LaterBy::~LaterBy() { set_clock(date("now")); }

Listener::Listener(const std::string& types)
{
    socket_ = ::socket(AF_INET, SOCK_STREAM, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(socket_, reinterpret_cast<sockaddr*>(&address), size) != 0 || ::listen(socket_, 64) != 0
        || ::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
        throw std::runtime_error{"no port to listen on"};
    thread_ = std::jthread{[this](const std::stop_token& stop) {
        pollfd event{socket_, POLLIN, 0};
        while (!stop.stop_requested())
            if (::poll(&event, 1, 50) > 0) take(::accept(socket_, nullptr, nullptr));
    }};
    const auto registered =
        post("/v1/webhook_endpoints", "url=http://127.0.0.1:" + std::to_string(ntohs(address.sin_port)) + "/hook&" + types);
    id = registered.at("id");
    secret = registered.at("secret");
}

Listener::~Listener()
{
    stripe_gateway::remove("/v1/webhook_endpoints/" + id);
    thread_.request_stop();
    thread_.join();
    ::close(socket_);
}

/// One connection, one request.
void Listener::take(int connection)
{
    std::string request;
    char buffer[4096];
    std::size_t wanted = std::string::npos;
    while (request.size() < wanted) {
        const auto got = ::recv(connection, buffer, sizeof buffer, 0);
        if (got <= 0) break;
        request.append(buffer, static_cast<std::size_t>(got));
        const auto head = request.find("\r\n\r\n");
        const auto length = request.find("Content-Length: ");
        if (head != std::string::npos && length < head) wanted = head + 4 + std::stoul(request.substr(length + 16));
    }
    const auto header = request.find("Stripe-Signature: ") + 18;
    int status = 200;
    {
        const std::lock_guard lock{mutex_};
        if (!statuses_.empty()) {
            status = statuses_.front();
            statuses_.erase(statuses_.begin());
        }
        delivered_.push_back({request.substr(request.find("\r\n\r\n") + 4), request.substr(header, request.find('\r', header) - header)});
    }
    const auto reply = "HTTP/1.1 " + std::to_string(status) + " X\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    ::send(connection, reply.data(), reply.size(), MSG_NOSIGNAL);
    ::close(connection);
}

void Listener::answer_next_with(std::vector<int> statuses)
{
    const std::lock_guard lock{mutex_};
    statuses_ = std::move(statuses);
}

std::vector<Delivered> Listener::all() const
{
    const std::lock_guard lock{mutex_};
    return delivered_;
}

std::vector<Delivered> Listener::about(const std::string& object, std::size_t count) const
{
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (true) {
        auto found = all();
        std::erase_if(found, [&](const Delivered& each) { return each.at("data.object.id") != object; });
        if (found.size() >= count || std::chrono::steady_clock::now() > until) return found;
        std::this_thread::sleep_for(std::chrono::milliseconds{20});
    }
}

} // namespace stripe_gateway

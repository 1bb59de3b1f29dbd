#include "site.h"

#include <boost/test/unit_test.hpp>

#include <array>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>

using namespace site;

// The executables take the word of whoever starts them for who is asking: that word must be clear.
namespace {

/// Runs the executable with exactly these variables, in this order, even if a name comes twice.
std::string answer_of(const std::string& program, std::vector<std::string> variables, const std::string& input = "")
{
    variables.push_back("UNCLOUD_CONFIG=" + environment("UNCLOUD_CONFIG"));
    std::vector<char*> envp;
    for (auto& variable : variables) envp.push_back(variable.data());
    envp.push_back(nullptr);
    auto path = environment("BUILD") + "/cgi-bin/" + program;
    std::array<char*, 2> argv{path.data(), nullptr};
    std::array<int, 2> in{}, out{};
    BOOST_REQUIRE((::pipe(in.data()) == 0 && ::pipe(out.data()) == 0));
    const auto child = ::fork();
    if (child == 0) {
        ::dup2(in[0], STDIN_FILENO);
        ::dup2(out[1], STDOUT_FILENO);
        for (const int end : {in[0], in[1], out[0], out[1]}) ::close(end);
        ::execve(path.c_str(), argv.data(), envp.data());
        ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    const bool given = ::write(in[1], input.data(), input.size()) == static_cast<ssize_t>(input.size());
    ::close(in[1]);
    std::string answer;
    std::array<char, 4096> buffer{};
    for (ssize_t size = 0; (size = ::read(out[0], buffer.data(), buffer.size())) > 0;)
        answer.append(buffer.data(), static_cast<std::size_t>(size));
    ::close(out[0]);
    int status = 0;
    ::waitpid(child, &status, 0);
    BOOST_TEST((given && WIFEXITED(status) && WEXITSTATUS(status) == 0));
    return answer;
}

std::vector<std::string> get_orders(const std::vector<std::string>& more)
{
    std::vector<std::string> variables{"REQUEST_METHOD=GET", "PATH_INFO=/orders"};
    variables.insert(variables.end(), more.begin(), more.end());
    return variables;
}

} // namespace

BOOST_AUTO_TEST_SUITE(plain_cgi)

BOOST_AUTO_TEST_CASE(a_request_is_answered_from_the_environment)
{
    const auto member = joined_member();
    const auto answer = answer_of("orders", get_orders({"REMOTE_USER=" + member.name, "REQUEST_ID=from-a-shell"}));
    BOOST_TEST(answer.starts_with("Status: 200"), answer);
    BOOST_TEST(answer.find("X-Request-Id: from-a-shell\r\n") != std::string::npos);
    BOOST_TEST(answer.find("\"product\":\"membership\"") != std::string::npos);
}

// Debian's fastcgi_params beside our own line gave REMOTE_USER twice, the unverified name first.
BOOST_AUTO_TEST_CASE(an_identity_that_comes_twice_is_refused)
{
    const auto member = joined_member();
    const auto user = "REMOTE_USER=" + member.name;
    for (const auto& variables : {std::vector<std::string>{user, "REMOTE_USER=admin"}, {"REMOTE_USER=admin", user}, {user, user},
             {user, "MEMBER_ID=1", "MEMBER_ID=2"}, {user, "MEMBER_GROUPS=", "MEMBER_GROUPS=operators"}}) {
        const auto answer = answer_of("orders", get_orders(variables));
        BOOST_TEST(answer.starts_with("Status: 400"), answer);
        BOOST_TEST(answer.find("membership") == std::string::npos);
    }
}

BOOST_AUTO_TEST_CASE(no_name_but_ours_makes_an_identity)
{
    const auto member = joined_member();
    const auto forged = get_orders({"HTTP_REMOTE_USER=" + member.name, "HTTP_X_AUTH_USER=" + member.name, "HTTP_MEMBER_ID=1",
        "HTTP_AUTHORIZATION=Basic bmljb2N1c3RvbWVyOnh4eA==", "AUTH_TYPE=Basic", "USER=" + member.name, "LOGNAME=" + member.name});
    for (const char* program : {"orders", "vm", "invoices", "membership", "payment", "products", "admin"}) {
        auto variables = forged;
        const std::string_view name{program};
        variables[1] = name == "orders" ? "PATH_INFO=/orders"
            : name == "vm"              ? "PATH_INFO=/vm"
            : name == "invoices"        ? "PATH_INFO=/invoices"
            : name == "membership"      ? "PATH_INFO=/account"
            : name == "payment"         ? "PATH_INFO=/payment-methods"
            : name == "products"        ? "PATH_INFO=/products"
                                        : "PATH_INFO=/admin/members";
        BOOST_TEST(answer_of(program, variables).starts_with("Status: 401"), program);
    }
}

BOOST_AUTO_TEST_CASE(a_body_of_another_length_than_told_is_refused)
{
    const auto member = joined_member();
    const std::string vpn{R"({"product":"ipv6-vpn"})"};
    const auto post = [&](const std::string& length) {
        return answer_of("orders",
            {"REQUEST_METHOD=POST", "PATH_INFO=/orders", "CONTENT_TYPE=application/json", "CONTENT_LENGTH=" + length,
                "REMOTE_USER=" + member.name},
            vpn);
    };
    BOOST_TEST(post("65537").starts_with("Status: 413"));
    BOOST_TEST(post("18446744073709551616").starts_with("Status: 413"));
    for (const char* length : {"23", "-1", "+22", "22x", "0x16", " 22", "1e1"}) BOOST_TEST(post(length).starts_with("Status: 400"), length);
    BOOST_TEST(post("21").starts_with("Status: 400")); // not JSON any more
    BOOST_TEST(member.get("/orders").body.find("ipv6-vpn") == std::string::npos);
    BOOST_TEST(post("22").starts_with("Status: 201"));
}

BOOST_AUTO_TEST_SUITE_END()

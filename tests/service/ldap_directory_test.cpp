#include "gateway/child_process.h"
#include "gateway/directory.h"

#include <boost/test/unit_test.hpp>

#include <arpa/inet.h>
#include <atomic>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <netinet/in.h>
#include <ostream>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace gateway {

static std::ostream& operator<<(std::ostream& out, SignInResult result)
{
    constexpr const char* names[] = {"accepted", "refused", "unavailable"};
    return out << names[static_cast<int>(result)];
}

} // namespace gateway

namespace {

namespace fs = std::filesystem;
using gateway::run_child;
using gateway::SignInResult;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr const char* configuration = R"(
include     /etc/ldap/schema/core.schema
include     /etc/ldap/schema/cosine.schema
include     /etc/ldap/schema/inetorgperson.schema
modulepath  /usr/lib/ldap
moduleload  back_mdb
loglevel    none
database    mdb
suffix      dc=test
rootdn      cn=admin,dc=test
directory   @DIRECTORY@/data
dbnosync
index       objectClass,uid,member eq
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact=cn=billing,dc=test read by * none
)";

constexpr const char* entries = R"(
dn: dc=test
objectClass: dcObject
objectClass: organization
o: Test
dc: test

dn: cn=billing,dc=test
objectClass: applicationProcess
objectClass: simpleSecurityObject
cn: billing
userPassword: @service@

dn: ou=people,dc=test
objectClass: organizationalUnit
ou: people

dn: uid=alice,ou=people,dc=test
objectClass: inetOrgPerson
uid: alice
cn: Alice Ammann
sn: Ammann
mail: alice@members.example
userPassword: @correct horse@

dn: uid=bob,ou=people,dc=test
objectClass: inetOrgPerson
uid: bob
cn: Bob
sn: Bob
userPassword: @bob's@

dn: uid=carol,ou=people,dc=test
objectClass: inetOrgPerson
uid: caz
uid: carol
cn: Carol
sn: Carol
userPassword: @carol's@

dn: cn=operators,dc=test
objectClass: groupOfNames
cn: operators
member: uid=alice,ou=people,dc=test
)";

/// Puts the password's hash in the place of every @password@ of the entries.
std::string with_hashes(std::string text)
{
    for (auto begin = text.find(": @"); begin != std::string::npos; begin = text.find(": @", begin + 1)) {
        const auto end = text.find('@', begin + 3);
        const auto password = text.substr(begin + 3, end - begin - 3);
        const auto hash = run_child({"/usr/sbin/slappasswd", "-n", "-h", "{SSHA}", "-s", password}, seconds{10}).output;
        BOOST_REQUIRE(hash.starts_with("{SSHA}"));
        text.replace(begin + 2, end - begin - 1, hash);
    }
    return text;
}

int free_port()
{
    const gateway::Descriptor socket{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    sockaddr_in address{};
    socklen_t size = sizeof address;
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    BOOST_REQUIRE(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), size) == 0);
    BOOST_REQUIRE(::getsockname(socket.get(), reinterpret_cast<sockaddr*>(&address), &size) == 0);
    return ntohs(address.sin_port);
}

std::ptrdiff_t open_descriptors() { return std::distance(fs::directory_iterator{"/proc/self/fd"}, fs::directory_iterator{}); }

/// A directory server of the test's own, with three accounts; it ends with the test.
struct Server {
    Server()
    {
        std::string pattern{fs::temp_directory_path() / "ldap-directory-XXXXXX"};
        BOOST_REQUIRE(::mkdtemp(pattern.data()) != nullptr);
        path = pattern;
        fs::create_directory(path / "data");
        configure("");
        std::ofstream{path / "entries.ldif"} << with_hashes(entries);
        const auto added = run_child({"/usr/sbin/slapadd", "-q", "-f", path / "slapd.conf", "-l", path / "entries.ldif"}, seconds{30});
        BOOST_REQUIRE_MESSAGE(added.end == gateway::ChildEnd::exited && added.code == 0, added.errors);

        settings.url = "ldapi://";
        for (const char c : (path / "socket").string()) settings.url += c == '/' ? std::string{"%2F"} : std::string{c};
        settings.base = "ou=people,dc=test";
        settings.service_dn = "cn=billing,dc=test";
        settings.password = "service";
        settings.operators_group = "cn=operators,dc=test";
        settings.timeout_seconds = 10;
        start(settings.url);
    }
    ~Server()
    {
        stop();
        fs::remove_all(path);
    }
    Server(const Server&) = delete;
    Server& operator=(const Server&) = delete;

    void configure(const std::string& more_globals) const
    {
        std::string text{configuration};
        text.replace(text.find("@DIRECTORY@"), 11, path);
        std::ofstream{path / "slapd.conf"} << more_globals << text;
    }

    void start(const std::string& urls)
    {
        const std::string file{path / "slapd.conf"};
        pid = ::fork();
        if (pid == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            ::execl("/usr/sbin/slapd", "slapd", "-d", "0", "-f", file.c_str(), "-h", urls.c_str(), nullptr);
            ::_exit(127);
        }
        const auto directory = gateway::make_ldap_directory(settings);
        for (int tries = 0; tries < 3000 && directory->check("nobody", "-").result == SignInResult::unavailable; ++tries)
            std::this_thread::sleep_for(milliseconds{10});
    }

    void stop()
    {
        if (pid <= 0) return;
        ::kill(pid, SIGCONT);
        ::kill(pid, SIGTERM);
        ::waitpid(pid, nullptr, 0);
        pid = 0;
    }

    /// Returns when all its threads have stopped.
    void hang() const
    {
        ::kill(pid, SIGSTOP);
        ::waitpid(pid, nullptr, WUNTRACED);
    }

    void restart(const std::string& urls)
    {
        stop();
        start(urls);
    }

    fs::path path{};
    gateway::DirectorySettings settings{};
    pid_t pid{0};
};

struct Members : Server {
    std::unique_ptr<gateway::Directory> directory{gateway::make_ldap_directory(settings)};

    SignInResult result(const std::string& uid, const std::string& password) const { return directory->check(uid, password).result; }

    /// Settings under which a call is given up after three seconds.
    gateway::DirectorySettings hasty() const
    {
        auto others = settings;
        others.timeout_seconds = 3;
        return others;
    }

    /// Alice's sign-in through a directory with other settings.
    static gateway::SignIn alice_with(const gateway::DirectorySettings& others)
    {
        return gateway::make_ldap_directory(others)->check("alice", "correct horse");
    }
};

} // namespace

BOOST_AUTO_TEST_SUITE(ldap_directory)

BOOST_FIXTURE_TEST_CASE(the_right_password_is_accepted, Members)
{
    const auto alice = directory->check("alice", "correct horse");
    BOOST_TEST(alice.result == SignInResult::accepted);
    BOOST_TEST(alice.entry.uid == "alice");
    BOOST_TEST(alice.entry.name == "Alice Ammann");
    BOOST_TEST(alice.entry.email == "alice@members.example");
    BOOST_TEST(alice.is_operator);

    const auto bob = directory->check("bob", "bob's");
    BOOST_TEST(bob.result == SignInResult::accepted);
    BOOST_TEST(bob.entry.email == "");
    BOOST_TEST(!bob.is_operator);
}

BOOST_FIXTURE_TEST_CASE(anything_else_is_refused, Members)
{
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(result("alice", "wrong") == SignInResult::refused);
        BOOST_TEST(result("alice", "bob's") == SignInResult::refused);
        BOOST_TEST(result("alice", "") == SignInResult::refused);
        BOOST_TEST(result("alice", std::string("correct horse\0", 14)) == SignInResult::refused);
        BOOST_TEST(result("alice", std::string(5000, 'x')) == SignInResult::refused);
        BOOST_TEST(result("nobody", "correct horse") == SignInResult::refused);
        BOOST_TEST(result("billing", "service") == SignInResult::refused);
    }
    BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
}

BOOST_FIXTURE_TEST_CASE(no_name_reaches_into_the_filter, Members)
{
    const std::vector<std::string> names{"", "*", "a*", "alice)(uid=*", "(", ")", "\\61lice", "alice\\", " alice", "alice ", "9lives", "-a",
        "älice", "alice,ou=people", std::string("alice\0", 6), std::string(65, 'a'), std::string(100'000, 'a')};
    for (const auto& name : names) BOOST_TEST(result(name, "correct horse") == SignInResult::refused);
}

// The name of a member decides who pays: two spellings must not become two members.
BOOST_FIXTURE_TEST_CASE(every_spelling_leads_to_the_name_in_the_directory, Members)
{
    for (const auto* const name : {"alice", "ALICE", "Alice"}) BOOST_TEST(directory->check(name, "correct horse").entry.uid == "alice");
    for (const auto* const name : {"carol", "caz", "CAZ"}) BOOST_TEST(directory->check(name, "carol's").entry.uid == "carol");
}

BOOST_FIXTURE_TEST_CASE(without_its_group_nobody_is_an_operator, Members)
{
    settings.operators_group = "";
    BOOST_TEST(!alice_with(settings).is_operator);
    settings.operators_group = "cn=gone,dc=test";
    const auto alice = alice_with(settings);
    BOOST_TEST(alice.result == SignInResult::accepted);
    BOOST_TEST(!alice.is_operator);
}

BOOST_FIXTURE_TEST_CASE(a_wrong_configuration_lets_nobody_in, Members)
{
    auto wrong = settings;
    wrong.password = "wrong";
    BOOST_TEST(alice_with(wrong).result == SignInResult::unavailable);
    wrong = settings;
    wrong.base = "ou=nowhere,dc=test";
    BOOST_TEST(alice_with(wrong).result == SignInResult::unavailable);
    wrong.url = "http://localhost/";
    BOOST_CHECK_THROW(gateway::make_ldap_directory(wrong), std::runtime_error);
    wrong = settings;
    wrong.user_attribute = "uid=*)(cn";
    BOOST_CHECK_THROW(gateway::make_ldap_directory(wrong), std::runtime_error);
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_is_down_is_unavailable_until_it_is_back, Members)
{
    BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
    for (int round = 0; round < 3; ++round) {
        stop();
        BOOST_TEST(result("alice", "correct horse") == SignInResult::unavailable);
        BOOST_TEST(result("alice", "wrong") == SignInResult::unavailable);
        start(settings.url);
        BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
        BOOST_TEST(result("alice", "wrong") == SignInResult::refused);
    }
}

// The first call after a restart finds the kept connections dead and must not bother anybody with it.
BOOST_FIXTURE_TEST_CASE(a_restart_between_two_calls_goes_unnoticed, Members)
{
    for (int round = 0; round < 3; ++round) {
        BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
        restart(settings.url);
    }
    BOOST_TEST(result("alice", "wrong") == SignInResult::refused);
}

BOOST_FIXTURE_TEST_CASE(a_directory_that_hangs_is_unavailable_in_time, Members)
{
    directory = gateway::make_ldap_directory(hasty());
    const auto begin = Clock::now();
    hang();
    BOOST_TEST(result("alice", "correct horse") == SignInResult::unavailable);
    BOOST_TEST((Clock::now() - begin < milliseconds{5900})); // no connection was kept: one attempt of three seconds
    ::kill(pid, SIGCONT);
    BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);

    const auto again = Clock::now();
    hang();
    BOOST_TEST(result("alice", "correct horse") == SignInResult::unavailable);
    BOOST_TEST((Clock::now() - again < milliseconds{8900})); // on the kept connection, then on a fresh one
    ::kill(pid, SIGCONT);
    BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
}

BOOST_FIXTURE_TEST_CASE(sixteen_threads_get_right_answers_on_sixteen_pairs_of_connections, Members)
{
    const auto before = open_descriptors();
    std::atomic<int> right{0};
    std::vector<std::jthread> threads;
    for (int i = 0; i < 16; ++i)
        threads.emplace_back([&, i] {
            for (int n = 0; n < 50; ++n) {
                const bool is_alice = (i + n) % 2 == 0, is_wrong = n % 5 == 0;
                const std::string uid{is_alice ? "alice" : "bob"}, password{is_alice ? "correct horse" : "bob's"};
                const auto sign_in = directory->check(uid, is_wrong ? "wrong" : password);
                right += is_wrong ? sign_in.result == SignInResult::refused : sign_in.entry.uid == uid && sign_in.is_operator == is_alice;
            }
        });
    threads.clear();
    BOOST_TEST(right == 16 * 50);
    BOOST_TEST(open_descriptors() - before <= 16 * 2);
}

BOOST_FIXTURE_TEST_CASE(no_password_crosses_the_network_in_the_clear, Members)
{
    const auto port = std::to_string(free_port());
    settings.url = "ldap://127.0.0.1:" + port;
    restart("ldap://127.0.0.1:" + port);
    BOOST_TEST(alice_with(settings).result == SignInResult::accepted);
    // The same server at an address that is not known to be loopback: it offers no TLS.
    settings.url = "ldap://0.0.0.0:" + port;
    BOOST_TEST(alice_with(settings).result == SignInResult::unavailable);
}

BOOST_FIXTURE_TEST_CASE(a_server_whose_certificate_nobody_vouches_for_gets_no_password, Members)
{
    const std::string key{path / "key.pem"}, certificate{path / "certificate.pem"};
    const auto made = run_child({"openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-addext",
                                    "subjectAltName=IP:127.0.0.1", "-keyout", key, "-out", certificate},
        seconds{60});
    BOOST_REQUIRE_MESSAGE(made.code == 0, made.errors);
    configure("TLSCertificateFile " + certificate + "\nTLSCertificateKeyFile " + key + "\n");
    const auto tls_port = std::to_string(free_port()), port = std::to_string(free_port());
    restart(settings.url + " ldaps://127.0.0.1:" + tls_port + " ldap://127.0.0.1:" + port);
    BOOST_TEST(result("alice", "correct horse") == SignInResult::accepted);
    settings.url = "ldaps://127.0.0.1:" + tls_port;
    BOOST_TEST(alice_with(settings).result == SignInResult::unavailable);
    settings.url = "ldap://0.0.0.0:" + port;
    BOOST_TEST(alice_with(settings).result == SignInResult::unavailable);

    // With GnuTLS libldap itself would wait for the handshake for ever.
    settings.url = "ldaps://127.0.0.1:" + tls_port;
    const auto begin = Clock::now();
    hang();
    BOOST_TEST(alice_with(hasty()).result == SignInResult::unavailable);
    BOOST_TEST((Clock::now() - begin < milliseconds{5900}));
}

BOOST_AUTO_TEST_SUITE_END()

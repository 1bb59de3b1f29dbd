// The ceiling for every executable: a FastCGI program that answers the same three words and does nothing else.
#include <fcgiapp.h>

#include <csignal>
#include <cstdlib>
#include <thread>
#include <vector>

namespace {

void work()
{
    FCGX_Request request;
    FCGX_InitRequest(&request, 0, 0);
    while (FCGX_Accept_r(&request) == 0) {
        FCGX_PutS("Status: 200 OK\r\nContent-Type: application/json\r\nContent-Length: 11\r\n\r\n{\"ok\":true}", request.out);
        FCGX_Finish_r(&request);
    }
}

} // namespace

int main()
{
    std::signal(SIGTERM, [](int) { std::_Exit(EXIT_SUCCESS); });
    FCGX_Init();
    std::vector<std::jthread> workers;
    for (int i = 0; i < 8; ++i) workers.emplace_back(work);
}

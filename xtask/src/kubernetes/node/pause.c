/* Holds a pod's namespaces: it waits, collects the processes that others leave to it, and ends when asked to. */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static void end(int signal)
{
	(void)signal;
	_exit(0);
}

static void collect(int signal)
{
	(void)signal;
	while (waitpid(-1, 0, WNOHANG) > 0)
		;
}

int main(void)
{
	/* The first process of a namespace gets no signal that it has no handler for. */
	struct sigaction ending = { .sa_handler = end };
	struct sigaction collecting = { .sa_handler = collect, .sa_flags = SA_NOCLDSTOP };

	if (sigaction(SIGTERM, &ending, 0) || sigaction(SIGINT, &ending, 0) || sigaction(SIGCHLD, &collecting, 0))
		return 1;
	for (;;)
		pause();
}

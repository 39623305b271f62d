using Strake.Containers.Lifecycle;
using static Strake.Containers.ContainerStatus;
using static Strake.Containers.Lifecycle.LifecycleDecision;

namespace Strake.Containers.Tests.Lifecycle;

public sealed class LifecycleDecisionTests
{
    static readonly ContainerStatus[] Statuses = [Created, Running, Paused, Restarting, Exited, Removing, Dead];

    // A line for each request; a column for each status, in the order above.
    static readonly (LifecycleRequest Request, LifecycleDecision[] Decisions)[] Table =
    [
        (LifecycleRequest.Start, [Proceed, AlreadySo, Refuse, CancelRestartFirst, Proceed, Refuse, Refuse]),
        (LifecycleRequest.Stop, [AlreadySo, Proceed, UnpauseFirst, CancelRestart, AlreadySo, Refuse, Refuse]),
        (LifecycleRequest.Kill, [Refuse, Proceed, Proceed, CancelRestart, Refuse, Refuse, Refuse]),
        (LifecycleRequest.Restart, [Proceed, Proceed, UnpauseFirst, CancelRestartFirst, Proceed, Refuse, Refuse]),
        (LifecycleRequest.Pause, [Refuse, Proceed, Refuse, Refuse, Refuse, Refuse, Refuse]),
        (LifecycleRequest.Unpause, [Refuse, Refuse, Proceed, Refuse, Refuse, Refuse, Refuse]),
        (LifecycleRequest.Rename, [Proceed, Proceed, Proceed, Proceed, Proceed, Refuse, Refuse]),
        (LifecycleRequest.Remove, [Proceed, Refuse, Refuse, Refuse, Proceed, Refuse, Proceed]),
        (LifecycleRequest.ForceRemove, [Proceed, KillFirst, KillFirst, CancelRestartFirst, Proceed, Refuse, Proceed]),
        (LifecycleRequest.Attach, [Proceed, Proceed, Refuse, Refuse, Proceed, Refuse, Refuse]),
        (LifecycleRequest.Exec, [Refuse, Proceed, Refuse, Refuse, Refuse, Refuse, Refuse]),
        (LifecycleRequest.Resize, [Refuse, Proceed, Refuse, Refuse, Refuse, Refuse, Refuse]),
        (LifecycleRequest.Commit, [Proceed, Proceed, Proceed, Proceed, Proceed, Refuse, Refuse]),
        (LifecycleRequest.Top, [Refuse, Proceed, Proceed, Refuse, Refuse, Refuse, Refuse]),
    ];

    [Fact]
    public void Each_request_in_each_state_has_its_decision()
    {
        Assert.Equal(Enum.GetValues<LifecycleRequest>(), Table.Select(static line => line.Request));
        Assert.Equal(Enum.GetValues<ContainerStatus>(), Statuses);
        foreach ((LifecycleRequest request, LifecycleDecision[] decisions) in Table)
        {
            for (int i = 0; i < Statuses.Length; i++)
                Assert.True(decisions[i] == LifecycleDecisions.Decide(Statuses[i], request), $"{request} when {Statuses[i]}: {LifecycleDecisions.Decide(Statuses[i], request)}");
        }
    }

    [Theory]
    [InlineData(null, 0, false, 0, "stay")]
    [InlineData("no", 1, false, 0, "stay")]
    [InlineData("always", 0, false, 9, "restart")]
    [InlineData("always", 0, true, 0, "stay")]
    [InlineData("unless-stopped", 1, false, 0, "restart")]
    [InlineData("unless-stopped", 1, true, 0, "stay")]
    [InlineData("on-failure", 0, false, 0, "stay")]
    [InlineData("on-failure", 1, false, 2, "restart")]
    [InlineData("on-failure", 1, false, 3, "stay")]
    [InlineData("on-failure", 1, true, 0, "stay")]
    public void A_policy_decides_what_follows_an_end(string? name, int code, bool stopped, int restarts, string expected)
    {
        AfterExit after = RestartDecisions.Decide(
            new RestartPolicy(name, 3), autoRemove: false, new EndedRun(code, TimeSpan.Zero, stopped, restarts, TimeSpan.Zero));

        Assert.Equal(expected, after switch { AfterExit.Restart => "restart", AfterExit.Stay => "stay", _ => "remove" });
    }

    [Fact]
    public void Restarts_are_held_back_longer_and_longer_until_a_run_was_a_good_one()
    {
        TimeSpan delay = TimeSpan.Zero;
        List<double> delays = [];
        for (int i = 0; i < 12; i++)
        {
            delay = ((AfterExit.Restart)RestartDecisions.Decide(new RestartPolicy("always"), false, new EndedRun(1, TimeSpan.FromSeconds(1), false, i, delay))).Delay;
            delays.Add(delay.TotalMilliseconds);
        }

        Assert.Equal([100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000], delays);
        var good = new EndedRun(1, TimeSpan.FromSeconds(11), false, 12, delay);
        Assert.Equal(TimeSpan.FromMilliseconds(100), ((AfterExit.Restart)RestartDecisions.Decide(new RestartPolicy("always"), false, good)).Delay);
    }

    [Fact]
    public void A_container_that_goes_with_its_end_goes() =>
        Assert.IsType<AfterExit.Remove>(RestartDecisions.Decide(null, autoRemove: true, new EndedRun(0, TimeSpan.Zero, false, 0, TimeSpan.Zero)));

    [Theory]
    [InlineData("sometimes", 0, false, "invalid restart policy: unknown policy 'sometimes'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'")]
    [InlineData("always", 3, false, "invalid restart policy: maximum retry count can only be used with 'on-failure'")]
    [InlineData("always", 0, true, "can't create 'AutoRemove' container with restart policy")]
    public void A_policy_that_is_none_is_refused(string name, int count, bool autoRemove, string message) =>
        Assert.Equal(message, Assert.Throws<StrakeException>(() => RestartDecisions.Verify(new RestartPolicy(name, count), autoRemove)).Message);

    [Theory]
    [InlineData("always", true, false, true)]
    [InlineData("always", false, true, true)]
    [InlineData("unless-stopped", true, false, true)]
    [InlineData("unless-stopped", true, true, false)]
    [InlineData("on-failure", true, false, true)]
    [InlineData("no", true, false, false)]
    [InlineData(null, true, false, false)]
    public void A_policy_decides_what_starts_with_the_engine(string? name, bool wasRunning, bool stopped, bool expected) =>
        Assert.Equal(expected, RestartDecisions.StartsWithEngine(new RestartPolicy(name), wasRunning, stopped));
}

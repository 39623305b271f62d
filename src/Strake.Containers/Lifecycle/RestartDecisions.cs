namespace Strake.Containers.Lifecycle;

/// <summary>Decides whether a container is started again. Pure.</summary>
static class RestartDecisions
{
    static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(100);
    static readonly TimeSpan LongestDelay = TimeSpan.FromMinutes(1);

    // A run that lasted this long was a good one: the delays begin anew.
    static readonly TimeSpan GoodRun = TimeSpan.FromSeconds(10);

    /// <summary>The decision at the end of a run.</summary>
    public static AfterExit Decide(RestartPolicy? policy, bool autoRemove, EndedRun run)
    {
        bool again = !run.StoppedByUser && policy?.Name switch
        {
            null or "" or "no" => false,
            "always" or "unless-stopped" => true,
            "on-failure" => run.ExitCode != 0 && (policy.MaximumRetryCount == 0 || run.Restarts < policy.MaximumRetryCount),
            _ => throw new ArgumentOutOfRangeException(nameof(policy), policy, "no such policy"),
        };
        if (again)
            return new AfterExit.Restart(DelayAfter(run));
        return autoRemove ? new AfterExit.Remove() : new AfterExit.Stay();
    }

    /// <summary>Whether a container that does not run is started when the engine is opened.</summary>
    /// <param name="policy">Its policy.</param>
    /// <param name="wasRunning">Whether it ran when the machine or the engine went down.</param>
    /// <param name="stoppedByUser">Whether somebody had stopped it.</param>
    public static bool StartsWithEngine(RestartPolicy? policy, bool wasRunning, bool stoppedByUser) => policy?.Name switch
    {
        "always" => wasRunning || stoppedByUser,
        "unless-stopped" => wasRunning && !stoppedByUser,
        "on-failure" => wasRunning && !stoppedByUser,
        _ => false,
    };

    /// <summary>Checks a policy.</summary>
    /// <exception cref="StrakeException">Invalid, in Docker's words.</exception>
    public static void Verify(RestartPolicy? policy, bool autoRemove)
    {
        switch (policy?.Name)
        {
            case null or "" or "no" or "always" or "unless-stopped":
                if (policy is { MaximumRetryCount: not 0 })
                    throw StrakeException.Invalid("invalid restart policy: maximum retry count can only be used with 'on-failure'");
                break;
            case "on-failure":
                if (policy.MaximumRetryCount < 0)
                    throw StrakeException.Invalid("invalid restart policy: maximum retry count cannot be negative");
                break;
            default:
                throw StrakeException.Invalid($"invalid restart policy: unknown policy '{policy.Name}'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'");
        }

        if (autoRemove && policy?.Name is not (null or "" or "no"))
            throw StrakeException.Invalid("can't create 'AutoRemove' container with restart policy");
    }

    static TimeSpan DelayAfter(EndedRun run)
    {
        if (run.LastDelay == TimeSpan.Zero || run.Lasted >= GoodRun)
            return FirstDelay;
        TimeSpan doubled = run.LastDelay * 2;
        return doubled < LongestDelay ? doubled : LongestDelay;
    }
}

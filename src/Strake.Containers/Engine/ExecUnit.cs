using Strake.Containers.Streams;

namespace Strake.Containers.Engine;

/// <summary>One exec in memory.</summary>
sealed class ExecUnit
{
    volatile ExecSession session;

    /// <summary>An exec that has not been started.</summary>
    public ExecUnit(ContainerUnit container, ExecSession session)
    {
        Container = container;
        this.session = session;
    }

    /// <summary>The container that it is in.</summary>
    public ContainerUnit Container { get; }

    /// <summary>What users see.</summary>
    public ExecSession Session => session;

    /// <summary>Its streams.</summary>
    public ConsoleHub Console { get; } = new();

    /// <summary>When its process ended; null: not yet.</summary>
    public DateTimeOffset? EndedAt { get; private set; }

    /// <summary>Takes the right to start it.</summary>
    /// <returns>False when somebody has.</returns>
    public bool TryBegin()
    {
        lock (Console)
        {
            if (session.Started)
                return false;
            session = session with { Started = true, Running = true };
            return true;
        }
    }

    /// <summary>Its process runs.</summary>
    public void SetPid(int pid) => session = session with { Pid = pid };

    /// <summary>Its process has ended, or could not be started.</summary>
    public void SetEnd(int exitCode, DateTimeOffset now)
    {
        session = session with { Running = false, Pid = 0, ExitCode = exitCode };
        EndedAt = now;
    }
}

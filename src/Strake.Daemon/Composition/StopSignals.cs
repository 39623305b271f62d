using System.Runtime.InteropServices;

namespace Strake.Daemon.Composition;

/// <summary>The signals that end the daemon. SIGHUP, which dockerd takes to read its configuration again, is harmless.</summary>
sealed class StopSignals : IDisposable
{
    readonly CancellationTokenSource stopping = new();
    readonly PosixSignalRegistration[] registrations;

    /// <summary>Begins to listen.</summary>
    public StopSignals() => registrations =
    [
        PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop),
        PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true),
    ];

    /// <summary>Ends with the first signal.</summary>
    public CancellationToken Token => stopping.Token;

    // Cancel: the runtime would end the process otherwise.
    void Stop(PosixSignalContext context)
    {
        context.Cancel = true;
        stopping.Cancel();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (PosixSignalRegistration registration in registrations) registration.Dispose();
        stopping.Dispose();
    }
}

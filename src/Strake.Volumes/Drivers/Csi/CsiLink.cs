namespace Strake.Volumes;

/// <summary>The way to a driver as it is now: it may come, go, and come back at another place.</summary>
/// <param name="driver">The driver's name.</param>
/// <param name="gathering">Completes when the driver is there, or is not awaited any more: right after the engine's start drivers are on their way.</param>
sealed class CsiLink(string driver, Func<string, CancellationToken, Task> gathering)
{
    volatile CsiConnection? connection;

    /// <summary>The way; null: there is none now.</summary>
    public CsiConnection? Current
    {
        get => connection;
        set => connection = value;
    }

    /// <summary>The way.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="StrakeException">Unavailable: there is none now.</exception>
    public async Task<CsiConnection> RequireAsync(CancellationToken cancellationToken)
    {
        if (connection is null)
            await gathering(driver, cancellationToken);
        return Require();
    }

    /// <summary>The way as it is.</summary>
    /// <exception cref="StrakeException">Unavailable: there is none now.</exception>
    public CsiConnection Require() => connection
        ?? throw StrakeException.Unavailable($"the CSI driver \"{driver}\" is not there: it has not registered in the folder plugins_registry, and no socket given by --csi-driver is its");
}

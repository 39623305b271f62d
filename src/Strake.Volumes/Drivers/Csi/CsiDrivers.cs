using System.Collections.Concurrent;

namespace Strake.Volumes;

/// <summary>
/// The CSI drivers, by the names that they give themselves. They are found at sockets that are configured, and in a folder where they register;
/// what one does or does not do never keeps another, or the engine, from anything.
/// </summary>
/// <example><code>
/// await using var drivers = await CsiDrivers.OpenAsync(new(journal, "/var/lib/strake/csi", TimeProvider.System) { Sockets = ["/run/csi.sock"] }, ct);
/// CsiVolumeDriver? driver = await drivers.FindAsync("hostpath.csi.example", ct);
/// </code></example>
public sealed class CsiDrivers : IAsyncDisposable
{
    // For so long after the start drivers are on their way, and whoever wants one waits for it.
    static readonly TimeSpan s_gathering = TimeSpan.FromSeconds(2);

    // A check waits no longer for what is being settled.
    static readonly TimeSpan s_settling = TimeSpan.FromSeconds(10);

    readonly CsiDriversOptions options;
    readonly string boot;
    readonly ConcurrentDictionary<string, CsiVolumeDriver> drivers = new(StringComparer.Ordinal);
    // Kept while the engine runs: calls that are being repeated find a driver again that was away.
    readonly ConcurrentDictionary<(string Name, string Socket), CsiConnection> connections = new();
    readonly CancellationTokenSource closing = new();
    readonly List<Task> searches = [];
    readonly Lock gate = new();
    TaskCompletionSource arrival = NewSignal();
    IReadOnlySet<string> holders = new HashSet<string>();
    long begun;
    int settling;
    volatile bool isOpen;

    CsiDrivers(CsiDriversOptions options, string boot)
    {
        this.options = options;
        this.boot = boot;
    }

    /// <summary>Called after a driver has come (back) and what was left with it is settled, as far as it could be.</summary>
    public Func<Task>? OnArrival { get; set; }

    /// <summary>The drivers that are there, or have volumes.</summary>
    public IReadOnlyList<CsiVolumeDriver> All => [.. drivers.Values.Where(static driver => driver.IsKnown).OrderBy(static driver => driver.Name, StringComparer.Ordinal)];

    /// <summary>Reads what an earlier run wrote down, and begins to look for drivers, in the background.</summary>
    /// <param name="options">Journal, folders, clock.</param>
    /// <param name="cancellationToken">Cancels the reading.</param>
    public static async Task<CsiDrivers> OpenAsync(CsiDriversOptions options, CancellationToken cancellationToken)
    {
        string run = (await File.ReadAllTextAsync("/proc/sys/kernel/random/boot_id", cancellationToken)).Trim();
        var opened = new CsiDrivers(options, run);
        foreach (CsiVolume volume in await options.Journal.AllAsync((key, why) => options.OnNews?.Invoke($"CSI volume {key}: {why.Message}"), cancellationToken))
        {
            // The name becomes a directory.
            if (CsiDriverName.IsValid(volume.Driver))
                opened.DriverOf(volume.Driver).Load(volume);
        }

        opened.Begin();
        return opened;
    }

    /// <summary>The driver of that name, where it is there, or has volumes.</summary>
    /// <param name="name">What a user or a record wrote.</param>
    public CsiVolumeDriver? Find(string name) => drivers.TryGetValue(name, out CsiVolumeDriver? driver) && driver.IsKnown ? driver : null;

    /// <summary>As <see cref="Find"/>; right after the start, when drivers are on their way, it is waited for.</summary>
    /// <param name="name">What a user or a record wrote.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task<CsiVolumeDriver?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (CsiDriverName.IsValid(name))
            await GatherAsync(name, cancellationToken);
        return Find(name);
    }

    /// <summary>The engine is up: finishes what an earlier run has left with drivers that are there; with the others, when they come.</summary>
    /// <param name="holders">All holders that there are.</param>
    /// <param name="cancellationToken">Honoured between two volumes.</param>
    /// <returns>What could not be finished, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken)
    {
        this.holders = holders;
        Interlocked.Increment(ref settling);
        try
        {
            isOpen = true;
            IReadOnlyList<CsiVolumeDriver> there = All;
            await Task.WhenAll(there.Select(driver => GatherAsync(driver.Name, cancellationToken)));
            // Those that are not there are settled when they come.
            IReadOnlyList<string>[] findings = await Task.WhenAll(
                there.Where(static driver => driver.Connection is not null).Select(driver => driver.SettleAsync(holders, cancellationToken)));
            return [.. findings.SelectMany(static found => found)];
        }
        finally
        {
            Interlocked.Decrement(ref settling);
            Signal();
        }
    }

    /// <summary>Waits, for a while, until what an earlier run has left is settled as far as it can be now.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    public async Task QuietAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(All.Select(driver => GatherAsync(driver.Name, cancellationToken)));
        await WaitAsync(() => Volatile.Read(ref settling) == 0, options.Time.GetTimestamp(), s_settling, cancellationToken);
    }

    /// <summary>Compares what is written down with what the drivers have.</summary>
    /// <param name="cancellationToken">Cancels the questions.</param>
    /// <returns>What is wrong, a sentence each.</returns>
    public async Task<IReadOnlyList<string>> CheckAsync(CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(All.Select(driver => driver.CheckAsync(cancellationToken)))).SelectMany(static findings => findings)];

    /// <summary>Ends the search and closes all connections. Volumes stay where they are.</summary>
    public async ValueTask DisposeAsync()
    {
        await closing.CancelAsync();
        await Task.WhenAll(searches);
        foreach (CsiConnection connection in connections.Values)
            connection.Dispose();
        closing.Dispose();
    }

    /// <summary>Takes a driver that was found; one that was there under this name is replaced.</summary>
    /// <param name="name">The name that it gives itself.</param>
    /// <param name="socket">Where it is.</param>
    internal void Arrive(string name, string socket)
    {
        CsiVolumeDriver driver = DriverOf(name);
        CsiConnection connection = connections.GetOrAdd((name, socket), key => new CsiConnection(key.Name, key.Socket, options.Time));
        connection.Forget();
        driver.Connection = connection;
        News($"CSI driver {name} is at {socket}");
        if (isOpen)
        {
            Interlocked.Increment(ref settling);
            _ = Task.Run(() => SettleAsync(driver));
        }

        Signal();
    }

    /// <summary>A driver has taken its registration back: it is there no more. Its volumes stay.</summary>
    internal void Leave(string name, string socket)
    {
        CsiVolumeDriver driver = DriverOf(name);
        if (driver.Connection?.Socket != socket)
            return;
        driver.Connection = null;
        News($"CSI driver {name} has gone");
    }

    async Task SettleAsync(CsiVolumeDriver driver)
    {
        try
        {
            foreach (string finding in await driver.SettleAsync(holders, closing.Token))
                News(finding);
            if (OnArrival is { } next)
                await next();
        }
        catch (OperationCanceledException)
        {
            // The engine ends; the next run goes on.
        }
        finally
        {
            Interlocked.Decrement(ref settling);
            Signal();
        }
    }

    // Until it says who it is.
    async Task NameAsync(string socket)
    {
        bool isTold = false;
        for (int attempt = 0; !closing.IsCancellationRequested; attempt++)
        {
            try
            {
                string name = await CsiIdentity.AskAsync(socket, options.Time, closing.Token);
                Arrive(name, socket);
                return;
            }
            catch (CsiRefusalException refused)
            {
                if (!isTold)
                    News($"no CSI driver answers at {socket} yet: {refused.Message}");
                isTold = true;
                await CsiIdentity.PauseAsync(attempt, options.Time, closing.Token);
            }
            catch (OperationCanceledException) when (closing.IsCancellationRequested)
            {
                return;
            }
        }
    }

    CsiVolumeDriver DriverOf(string name) => drivers.GetOrAdd(name, _ => new CsiVolumeDriver(name, options.Journal, options.Root, boot, () => isOpen, GatherAsync, options.Time));

    void Begin()
    {
        begun = options.Time.GetTimestamp();
        foreach (string socket in options.Sockets)
            searches.Add(Task.Run(() => NameAsync(socket)));
        if (options.Registry is { } folder)
            searches.Add(Task.Run(() => new CsiRegistry(folder, this, options.Time, News).RunAsync(closing.Token)));
    }

    Task GatherAsync(string name, CancellationToken cancellationToken) =>
        WaitAsync(() => drivers.TryGetValue(name, out CsiVolumeDriver? driver) && driver.Connection is not null, begun, s_gathering, cancellationToken);

    // Looks again whenever something has changed.
    async Task WaitAsync(Func<bool> isSo, long since, TimeSpan limit, CancellationToken cancellationToken)
    {
        while (true)
        {
            Task next;
            lock (gate)
                next = arrival.Task;
            TimeSpan left = limit - options.Time.GetElapsedTime(since);
            if (isSo() || left <= TimeSpan.Zero)
                return;
            // One that is late is no error here.
            await next.WaitAsync(left, options.Time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    void News(string what) => options.OnNews?.Invoke(what);

    void Signal()
    {
        TaskCompletionSource before;
        lock (gate)
            (before, arrival) = (arrival, NewSignal());
        before.TrySetResult();
    }

    static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}

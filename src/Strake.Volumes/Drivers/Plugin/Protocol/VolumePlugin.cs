using System.Text.Json.Serialization.Metadata;

namespace Strake.Volumes;

/// <summary>The calls of the volume plugin protocol, each within its time limit; a plugin that is not there (yet) is tried again for a while.</summary>
/// <param name="name">The plugin.</param>
/// <param name="source">Where it is found; looked up at each call, for it may have moved.</param>
/// <param name="time">The clock.</param>
sealed class VolumePlugin(string name, IPluginSource source, TimeProvider time) : IDisposable
{
    static readonly TimeSpan s_short = TimeSpan.FromMinutes(1);
    static readonly TimeSpan s_long = TimeSpan.FromMinutes(2);

    readonly Lock gate = new();
    PluginClient? client;
    PluginAddress? clientAddress;
    bool isActive;

    /// <summary>How the plugin's paths are to be read; null: as paths of the host, or it was not called yet.</summary>
    public PluginView? View => clientAddress?.View;

    public Task CreateAsync(string volume, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken) => CallAsync(
        "VolumeDriver.Create", new PluginCreate(volume, options), PluginJson.Default.PluginCreate, PluginJson.Default.PluginOutcome, s_long, PluginPatience.UntilSent, cancellationToken);

    public Task RemoveAsync(string volume, CancellationToken cancellationToken) => CallAsync(
        "VolumeDriver.Remove", new PluginVolumeName(volume), PluginJson.Default.PluginVolumeName, PluginJson.Default.PluginOutcome, s_short, PluginPatience.UntilSent, cancellationToken);

    /// <returns>The path of the content as the plugin sees it.</returns>
    public async Task<string> MountAsync(string volume, string id, CancellationToken cancellationToken) => (await CallAsync(
        "VolumeDriver.Mount", new PluginMount(volume, id), PluginJson.Default.PluginMount, PluginJson.Default.PluginPath, s_long, PluginPatience.UntilSent, cancellationToken)).Mountpoint ?? "";

    public Task UnmountAsync(string volume, string id, CancellationToken cancellationToken) => CallAsync(
        "VolumeDriver.Unmount", new PluginMount(volume, id), PluginJson.Default.PluginMount, PluginJson.Default.PluginOutcome, s_short, PluginPatience.UntilSent, cancellationToken);

    /// <returns>The path as the plugin sees it; empty: it does not say.</returns>
    public async Task<string> PathAsync(string volume, CancellationToken cancellationToken) => (await CallAsync(
        "VolumeDriver.Path", new PluginVolumeName(volume), PluginJson.Default.PluginVolumeName, PluginJson.Default.PluginPath, s_short, PluginPatience.Repeat, cancellationToken)).Mountpoint ?? "";

    /// <returns>The volume; null: the plugin names none, and no error either.</returns>
    public async Task<PluginVolume?> GetAsync(string volume, PluginPatience patience, CancellationToken cancellationToken) => (await CallAsync(
        "VolumeDriver.Get", new PluginVolumeName(volume), PluginJson.Default.PluginVolumeName, PluginJson.Default.PluginGot, s_short, patience, cancellationToken)).Volume;

    public async Task<IReadOnlyList<PluginVolume?>> ListAsync(CancellationToken cancellationToken) => (await CallAsync(
        "VolumeDriver.List", new PluginNothing(), PluginJson.Default.PluginNothing, PluginJson.Default.PluginList, s_short, PluginPatience.None, cancellationToken)).Volumes ?? [];

    /// <returns><c>local</c> or <c>global</c>; local where the plugin does not know the call, or names something else.</returns>
    public async Task<string> ScopeAsync(PluginPatience patience, CancellationToken cancellationToken)
    {
        try
        {
            PluginCapabilities answer = await CallAsync(
                "VolumeDriver.Capabilities", new PluginNothing(), PluginJson.Default.PluginNothing, PluginJson.Default.PluginCapabilities, s_short, patience, cancellationToken);
            return string.Equals(answer.Capabilities?.Scope, "global", StringComparison.OrdinalIgnoreCase) ? "global" : "local";
        }
        catch (PluginRefusalException)
        {
            return "local";
        }
    }

    /// <inheritdoc/>
    public void Dispose() => client?.Dispose();

    async Task<TAnswer> CallAsync<TRequest, TAnswer>(
        string method, TRequest body, JsonTypeInfo<TRequest> requestType, JsonTypeInfo<TAnswer> answerType, TimeSpan limit, PluginPatience patience, CancellationToken cancellationToken)
        where TRequest : class
        where TAnswer : class
    {
        long begun = time.GetTimestamp();
        for (int attempt = 0; ; attempt++)
        {
            PluginUnreachableException failed;
            try
            {
                PluginClient reached = await ReachAsync(cancellationToken);
                return await reached.CallAsync(method, body, requestType, answerType, limit, cancellationToken);
            }
            catch (PluginUnreachableException unreachable)
            {
                // Whoever comes up in its place has to say again what it is.
                isActive = false;
                failed = unreachable;
            }

            TimeSpan? pause = MayRepeat(patience, failed) ? PluginBackOff.Next(attempt, time.GetElapsedTime(begun)) : null;
            if (pause is null)
                throw failed;
            await Task.Delay(pause.Value, time, cancellationToken);
        }
    }

    static bool MayRepeat(PluginPatience patience, PluginUnreachableException failed) => patience switch
    {
        PluginPatience.None => false,
        PluginPatience.UntilSent => !failed.WasSent,
        PluginPatience.Repeat => true,
        _ => throw new InvalidOperationException($"No patience is {patience}."),
    };

    // A plugin says once what it is before it is asked for anything.
    async Task<PluginClient> ReachAsync(CancellationToken cancellationToken)
    {
        PluginAddress address = await source.FindAsync(name, cancellationToken)
            ?? throw StrakeException.NotFound($"error looking up volume plugin {name}: plugin \"{name}\" not found");
        PluginClient reached = ClientFor(address);
        if (isActive)
            return reached;
        try
        {
            PluginActivation activation = await reached.CallAsync(
                "Plugin.Activate", null, PluginJson.Default.PluginNothing, PluginJson.Default.PluginActivation, s_short, cancellationToken);
            if (activation.Implements?.Contains("VolumeDriver", StringComparer.Ordinal) != true)
                throw new PluginRefusalException("Plugin.Activate: plugin does not implement the requested driver VolumeDriver");
            isActive = true;
            return reached;
        }
        catch (PluginUnreachableException unreachable)
        {
            // The call that this was to prepare has not been made.
            throw new PluginUnreachableException(unreachable.Message, sent: false, unreachable);
        }
    }

    PluginClient ClientFor(PluginAddress address)
    {
        lock (gate)
        {
            if (client is not null && clientAddress == address)
                return client;
            // The old one is not disposed: calls that are under way end with their own connection, and nothing else is kept open.
            isActive = false;
            clientAddress = address;
            return client = new PluginClient(address, time);
        }
    }
}

using System.Collections.Concurrent;
using System.Globalization;

namespace Strake.Volumes;

/// <summary>Volumes of a program that speaks Docker's volume plugin protocol.</summary>
/// <remarks>
/// Failures of the plugin are told in Docker's words, with the plugin's name; their kind is Internal, for which Docker's status is 500.
/// <see cref="PathOf"/> is what the plugin said last, and empty before it said anything.
/// </remarks>
public sealed class PluginDriver : ISharedVolumeDriver, IDisposable
{
    readonly VolumePlugin plugin;
    readonly PluginMounts mounts;
    readonly PluginQuestions questions;
    readonly ConcurrentDictionary<string, string> paths = new(StringComparer.Ordinal);
    volatile IReadOnlyList<SharedVolume> lastList = [];
    volatile string? scope;

    internal PluginDriver(string name, IPluginSource source, IMountJournal journal, Func<bool> isOpen, TimeProvider time)
    {
        Name = name;
        plugin = new VolumePlugin(name, source, time);
        mounts = new PluginMounts(name, plugin, journal, isOpen, time);
        questions = new PluginQuestions(time);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public string Scope => scope ?? "local";

    /// <inheritdoc/>
    public void Validate(IReadOnlyDictionary<string, string> options)
    {
        // They are the plugin's to understand.
    }

    /// <inheritdoc/>
    public Task CreateAsync(VolumeName name, IReadOnlyDictionary<string, string> options, CancellationToken cancellationToken) =>
        InWordsAsync($"create {name}: ", () => plugin.CreateAsync(name.ToString(), options, cancellationToken));

    /// <inheritdoc/>
    public string PathOf(VolumeName name) => paths.GetValueOrDefault(name.ToString(), "");

    /// <inheritdoc/>
    public string StagingOf(VolumeName name) => Path.Combine(PathOf(name), VolumeContent.StagingInside);

    /// <inheritdoc/>
    public async Task<string> MountAsync(VolumeName name, string holder, CancellationToken cancellationToken)
    {
        string path = "";
        await InWordsAsync($"error while mounting volume '{PathOf(name)}': ", async () => path = await mounts.MountAsync(name, holder, cancellationToken));
        return paths[name.ToString()] = path;
    }

    /// <inheritdoc/>
    public Task UnmountAsync(VolumeName name, string holder, CancellationToken cancellationToken) => mounts.UnmountAsync(name, holder);

    /// <inheritdoc/>
    public async Task RemoveAsync(VolumeName name, CancellationToken cancellationToken)
    {
        await InWordsAsync($"remove {name}: ", async () =>
        {
            await mounts.EndAllAsync(name);
            try
            {
                await plugin.RemoveAsync(name.ToString(), cancellationToken);
            }
            catch (PluginRefusalException) when (!cancellationToken.IsCancellationRequested)
            {
                // Repeated after a kill it is gone already, and plugins call that an error.
                if (await GetAsync(name, PluginPatience.UntilSent, cancellationToken) is not null)
                    throw;
            }
        });
        paths.TryRemove(name.ToString(), out _);
    }

    /// <inheritdoc/>
    public Task<long> MeasureAsync(VolumeName name, CancellationToken cancellationToken) => Task.FromResult(-1L);

    /// <inheritdoc/>
    public IReadOnlyList<string> List() => [.. lastList.Select(static volume => volume.Name)];

    /// <inheritdoc/>
    public async Task<SharedVolume?> FindAsync(VolumeName name, CancellationToken cancellationToken)
    {
        SharedVolume? found = null;
        await InWordsAsync(
            $"error while checking if volume \"{name}\" exists in driver \"{Name}\": ",
            async () => found = await GetAsync(name, PluginPatience.Repeat, cancellationToken));
        return found;
    }

    /// <inheritdoc/>
    public async Task<SharedVolume?> FindSoonAsync(VolumeName name, CancellationToken cancellationToken)
    {
        try
        {
            Found? found = await questions.AskAsync(async asking => new Found(await GetAsync(name, PluginPatience.None, asking)), cancellationToken);
            return found?.Volume;
        }
        catch (Exception failed) when (IsPlugins(failed))
        {
            return null;
        }
    }

    /// <inheritdoc/>
    public async Task<SharedListing> ListSoonAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await questions.AskAsync(ListAsync, cancellationToken)
                ?? new SharedListing(lastList, $"list {Name}: plugin \"{Name}\" does not answer; this is what it said last");
        }
        catch (Exception failed) when (IsPlugins(failed))
        {
            return new SharedListing(lastList, $"list {Name}: {WordsOf(failed)}");
        }
    }

    /// <inheritdoc/>
    public Task SettleAsync(IReadOnlySet<string> holders, CancellationToken cancellationToken) => mounts.SettleAsync(holders, cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => plugin.Dispose();

    async Task<SharedListing> ListAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<PluginVolume?> volumes = await plugin.ListAsync(cancellationToken);
        await LearnScopeAsync(PluginPatience.None, cancellationToken);
        var listed = new List<SharedVolume>(volumes.Count);
        foreach (PluginVolume? volume in volumes)
        {
            if (volume?.Name is { } text && VolumeName.TryParse(text, out VolumeName name))
                listed.Add(Understand(name, volume));
        }

        lastList = listed;
        return new SharedListing(listed, null);
    }

    // As Docker: whatever a plugin says in place of a volume, it has none of that name.
    async Task<SharedVolume?> GetAsync(VolumeName name, PluginPatience patience, CancellationToken cancellationToken)
    {
        try
        {
            PluginVolume? volume = await plugin.GetAsync(name.ToString(), patience, cancellationToken);
            await LearnScopeAsync(patience, cancellationToken);
            return volume is null ? null : Understand(name, volume);
        }
        catch (PluginRefusalException)
        {
            return null;
        }
    }

    async Task LearnScopeAsync(PluginPatience patience, CancellationToken cancellationToken) =>
        scope ??= await plugin.ScopeAsync(patience, cancellationToken);

    SharedVolume Understand(VolumeName name, PluginVolume volume)
    {
        string path = "";
        try
        {
            path = string.IsNullOrEmpty(volume.Mountpoint) ? "" : PluginPaths.OnHost(volume.Mountpoint, plugin.View);
        }
        catch (PluginRefusalException)
        {
            // Only for show here; who mounts it is told.
        }

        if (path.Length > 0)
            paths[name.ToString()] = path;
        DateTimeOffset? created = DateTimeOffset.TryParse(volume.CreatedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset at) ? at : null;
        return new SharedVolume(name.ToString(), path, created, volume.Status is { Count: > 0 } status ? status : null);
    }

    async Task InWordsAsync(string operation, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception failed) when (failed is PluginRefusalException or PluginUnreachableException)
        {
            throw StrakeException.Internal(operation + WordsOf(failed), failed);
        }
        catch (StrakeException failed)
        {
            throw new StrakeException(failed.Kind, operation + failed.Message, failed);
        }
    }

    string WordsOf(Exception failed) => failed is StrakeException ? failed.Message : $"plugin \"{Name}\": {failed.Message}";

    static bool IsPlugins(Exception failed) => failed is PluginRefusalException or PluginUnreachableException or StrakeException;

    // An answer that there is nothing is not the same as none.
    sealed record Found(SharedVolume? Volume);
}

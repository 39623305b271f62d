using System.Security.Cryptography;
using Microsoft.Extensions.Logging;
using Strake.Images;
using Strake.Linux;
using Strake.Volumes;

namespace Strake.Containers.Plugins;

/// <summary>
/// Managed plugins: packed or installed, switched on and off, run by the engine. One that is on runs from the engine's first start to its
/// removal; when it ends by itself it is started again.
/// </summary>
public sealed partial class PluginStore : IPluginSource, IAsyncDisposable
{
    const int IdDigits = 64;

    readonly PluginStoreOptions options;
    readonly StateTable<PluginRecord> records;
    readonly PluginFolder folder;
    readonly PluginContents contents;
    readonly PluginSupervisor supervisor;
    readonly PluginIndex index = new();

    bool hasUnreadable;

    PluginStore(PluginStoreOptions options)
    {
        this.options = options;
        records = new StateTable<PluginRecord>(options.State, "plugin/", ManagedPluginJson.Default.PluginRecord);
        folder = new PluginFolder(options.DataRoot, options.ExecRoot);
        contents = new PluginContents(folder);
        supervisor = new PluginSupervisor(folder, options);
    }

    /// <summary>Opens the store: finishes removals, sweeps up what no record names, and has plugins that are on run, without waiting for them.</summary>
    /// <param name="options">Where, and with what.</param>
    /// <param name="cancellationToken">Gives it up.</param>
    public static async Task<PluginStore> OpenAsync(PluginStoreOptions options, CancellationToken cancellationToken)
    {
        var store = new PluginStore(options);
        await store.RecoverAsync(cancellationToken);
        return store;
    }

    /// <summary>All plugins, in the order of their names.</summary>
    public IReadOnlyList<ManagedPlugin> List() => [.. index.List().Select(static unit => unit.View).OrderBy(static plugin => plugin.Name, StringComparer.Ordinal)];

    /// <summary>A plugin by name, with or without tag, or by the beginning of its id.</summary>
    /// <param name="name">What a user wrote.</param>
    /// <exception cref="StrakeException">NotFound.</exception>
    public ManagedPlugin Get(string name) => index.Get(name).View;

    /// <summary>Makes a plugin of a tar with <c>config.json</c> and <c>rootfs/</c>. It is off.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="tar">The tar; not closed.</param>
    /// <param name="cancellationToken">Honoured until its record is written.</param>
    /// <exception cref="StrakeException">AlreadyExists. Invalid: the name, or the tar.</exception>
    public async Task CreateAsync(string name, Stream tar, CancellationToken cancellationToken)
    {
        string canonical = PluginIndex.Canonical(name);
        string id = NewId();
        await WithNewAsync(id, canonical, async () =>
        {
            (PluginContent content, PluginConfig config) = await contents.PackAsync(id, tar, cancellationToken);
            // As Docker: where an upgrade looks for it, when nobody says another place.
            return (new PluginRecord(canonical, canonical, IsEnabled: false, IsRemoving: false, content, PluginSettings.Of(config)), config);
        });
        Tell("create", id, canonical);
    }

    /// <summary>The rights that a plugin of a registry wants.</summary>
    /// <param name="remote">Its name there.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    public async Task<IReadOnlyList<PluginPrivilege>> PrivilegesAsync(string remote, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        ImageReference reference = ImageReference.Parse(remote).OrLatest();
        var (_, _, config) = await PluginContents.LookAsync(options.Repositories(reference, credentials), reference, cancellationToken);
        return PluginPrivilege.Of(PluginDocuments.ReadConfig(config));
    }

    /// <summary>Installs a plugin of a registry. It is off.</summary>
    /// <param name="remote">Its name there.</param>
    /// <param name="name">Its name here; null: the same.</param>
    /// <param name="granted">The rights that its user has granted: all that it wants.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="cancellationToken">Honoured until its record is written.</param>
    /// <returns>The manifest's digest.</returns>
    /// <exception cref="StrakeException">PermissionDenied: other rights. AlreadyExists. NotFound. Invalid: it is no plugin.</exception>
    public async Task<string> PullAsync(
        string remote, string? name, IReadOnlyList<PluginPrivilege> granted, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        ImageReference reference = ImageReference.Parse(remote).OrLatest();
        string canonical = PluginIndex.Canonical(name ?? remote);
        string id = NewId();
        string digest = "";
        await WithNewAsync(id, canonical, async () =>
        {
            (PluginContent content, PluginConfig config) = await FetchAsync(id, reference, granted, credentials, cancellationToken);
            digest = content.Manifest;
            return (new PluginRecord(canonical, reference.ToString(), IsEnabled: false, IsRemoving: false, content, PluginSettings.Of(config)), config);
        });
        Tell("pull", id, canonical);
        return digest;
    }

    /// <summary>Puts another content of a registry in the place of a plugin's, whose name, id and mounts' folder stay.</summary>
    /// <param name="name">The plugin; it is off.</param>
    /// <param name="remote">The new content's name.</param>
    /// <param name="granted">The rights that its user has granted.</param>
    /// <param name="credentials">Who asks.</param>
    /// <param name="cancellationToken">Honoured until its record is written.</param>
    /// <exception cref="StrakeException">Conflict: it is on. And as <see cref="PullAsync"/>.</exception>
    public async Task UpgradeAsync(
        string name, string remote, IReadOnlyList<PluginPrivilege> granted, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        using (index.Reserve(unit.Record.Name))
        {
            using IDisposable mine = await index.EnterAsync(unit, cancellationToken);
            if (unit.Record.IsEnabled)
                throw StrakeException.Conflict($"plugin must be disabled before upgrading: plugin {unit.Record.Name} is enabled");
            ImageReference reference = ImageReference.Parse(remote).OrLatest();
            (PluginContent content, PluginConfig config) = await FetchAsync(unit.Id, reference, granted, credentials, cancellationToken);
            string old = folder.Root(unit.Id, unit.Record.Content.Root.Split('/')[0]);
            await WriteAsync(unit, unit.Record with { Remote = reference.ToString(), Content = content, Settings = PluginSettings.Of(config) }, config);
            TreeRemoval.Remove(old);
        }

        Sweep();
        Tell("upgrade", unit.Id, unit.Record.Name);
    }

    /// <summary>Sends a plugin to a registry under its name.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="credentials">Who sends.</param>
    /// <param name="cancellationToken">Breaks it off.</param>
    /// <returns>The manifest's digest.</returns>
    public async Task<string> PushAsync(string name, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        ImageReference reference = ImageReference.Parse(unit.Record.Name).OrLatest();
        await contents.SendAsync(unit.Record.Content, options.Repositories(reference, credentials), reference.Tag ?? ImageReference.DefaultTag, cancellationToken);
        Tell("push", unit.Id, unit.Record.Name);
        return unit.Record.Content.Manifest;
    }

    /// <summary>Changes settings of a plugin that is off; all or none.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="settings"><c>name=value</c> each.</param>
    /// <param name="cancellationToken">Honoured until they are written.</param>
    /// <exception cref="StrakeException">Conflict: it is on. Invalid: there is no such setting.</exception>
    public async Task SetAsync(string name, IReadOnlyList<string> settings, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        using IDisposable mine = await index.EnterAsync(unit, cancellationToken);
        if (unit.Record.IsEnabled)
            throw StrakeException.Conflict("cannot set on an active plugin, disable plugin before setting");
        PluginSettings changed = settings.Aggregate(unit.Record.Settings, (all, text) => all.With(unit.Config, text));
        await WriteAsync(unit, unit.Record with { Settings = changed }, unit.Config);
    }

    /// <summary>Switches a plugin on: starts it, and waits until it answers.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="limit">How long to wait; zero: half a minute.</param>
    /// <param name="cancellationToken">Honoured until it is started.</param>
    /// <exception cref="StrakeException">Conflict: it is on already. Internal: it does not start; it is off then.</exception>
    public async Task EnableAsync(string name, TimeSpan limit, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        using IDisposable mine = await index.EnterAsync(unit, cancellationToken);
        if (unit.Record.IsEnabled)
            throw StrakeException.Conflict($"plugin already enabled: plugin {unit.Record.Name} is enabled");
        cancellationToken.ThrowIfCancellationRequested();
        // The intent first: a kill from here on, and the next start goes on.
        await WriteAsync(unit, unit.Record with { IsEnabled = true }, unit.Config);
        FaultPoint.Reach("plugin.enable.recorded");
        try
        {
            await supervisor.StartAsync(unit, limit);
        }
        catch
        {
            await WriteAsync(unit, unit.Record with { IsEnabled = false }, unit.Config);
            throw;
        }

        Tell("enable", unit.Id, unit.Record.Name);
    }

    /// <summary>Switches a plugin off: ends it, with what it has mounted.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="force">Also while volumes of it are known.</param>
    /// <param name="cancellationToken">Honoured until it is told to end.</param>
    /// <exception cref="StrakeException">Conflict: it is off already. InUse: volumes of it are known.</exception>
    public async Task DisableAsync(string name, bool force, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        using IDisposable mine = await index.EnterAsync(unit, cancellationToken);
        if (!unit.Record.IsEnabled)
            throw StrakeException.Conflict($"plugin is already disabled: plugin {unit.Record.Name} found but disabled");
        if (!force && await options.IsUsed(unit.Record.Name))
            throw StrakeException.InUse($"plugin {unit.Record.Name} is in use");
        await StopAsync(unit);
        Tell("disable", unit.Id, unit.Record.Name);
    }

    /// <summary>Removes a plugin with all that it kept in its root.</summary>
    /// <param name="name">The plugin.</param>
    /// <param name="force">Also one that is on or used.</param>
    /// <param name="cancellationToken">Honoured until the intent is written.</param>
    /// <exception cref="StrakeException">InUse: it is on, or volumes of it are known.</exception>
    public async Task RemoveAsync(string name, bool force, CancellationToken cancellationToken)
    {
        PluginUnit unit = index.Get(name);
        using IDisposable mine = await index.EnterAsync(unit, cancellationToken);
        if (!force && unit.Record.IsEnabled)
            throw StrakeException.InUse($"plugin {unit.Record.Name} is enabled");
        if (!force && await options.IsUsed(unit.Record.Name))
            throw StrakeException.InUse($"plugin {unit.Record.Name} is in use");
        if (unit.Record.IsEnabled)
            await StopAsync(unit);
        await WriteAsync(unit, unit.Record with { IsRemoving = true }, unit.Config);
        FaultPoint.Reach("plugin.remove.recorded");
        await FinishRemovalAsync(unit.Id);
        index.Remove(unit.Id);
        Sweep();
        Tell("remove", unit.Id, unit.Record.Name);
    }

    /// <inheritdoc/>
    public async ValueTask<PluginAddress?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (index.Find(name) is not { } unit)
            return null;
        if (unit.Run is not { } run)
            throw StrakeException.Conflict($"plugin {name} found but disabled");
        try
        {
            return unit.AddressOf(await run.WaitAsync(cancellationToken), folder);
        }
        catch (StrakeException failed)
        {
            throw StrakeException.Unavailable($"plugin {unit.Record.Name} does not run: {failed.Message}", failed);
        }
    }

    /// <inheritdoc/>
    public IReadOnlyList<string> Names() =>
        [.. index.List().Where(static unit => unit.Record.IsEnabled && unit.IsVolumeDriver).Select(static unit => unit.Record.Name)];

    /// <inheritdoc/>
    public string? CanonicalOf(string name) => index.Find(name)?.Record.Name;

    /// <summary>Ends what is under way. Plugins go on.</summary>
    public ValueTask DisposeAsync() => supervisor.DisposeAsync();

    async Task RecoverAsync(CancellationToken cancellationToken)
    {
        var known = new List<(string, PluginContent)>();
        foreach (Versioned<PluginRecord> record in await records.ListAsync((id, why) => { hasUnreadable = true; LogUnreadable(options.Logger, id, why); }, cancellationToken))
        {
            try
            {
                if (record.Value.IsRemoving)
                {
                    await FinishRemovalAsync(record.Id);
                    continue;
                }

                known.Add((record.Id, record.Value.Content));
                var unit = new PluginUnit(record.Id, record.Value, contents.ReadConfig(record.Value.Content));
                index.Add(unit);
                if (record.Value.IsEnabled)
                    supervisor.Resume(unit);
            }
            catch (Exception failed) when (failed is StrakeException or IOException)
            {
                hasUnreadable = true;
                LogNotRecovered(options.Logger, record.Value.Name, failed);
            }
        }

        // What a record that cannot be read may name is nobody's to sweep up.
        if (!hasUnreadable)
            contents.Sweep(known);
    }

    async Task StopAsync(PluginUnit unit)
    {
        await WriteAsync(unit, unit.Record with { IsEnabled = false }, unit.Config);
        unit.Run = null;
        FaultPoint.Reach("plugin.disable.recorded");
        await supervisor.StopAsync(unit.Id);
    }

    async Task FinishRemovalAsync(string id)
    {
        await supervisor.StopAsync(id);
        TreeRemoval.Remove(folder.Of(id));
        FaultPoint.Reach("plugin.remove.removed");
        await records.DeleteAsync(id, Durability.Eventual);
    }

    // Blobs that another plugin has as well stay; while others arrive nobody can say which these are.
    void Sweep()
    {
        if (!hasUnreadable)
            index.WhileNothingArrives(units => contents.SweepBlobs(units.Select(static unit => unit.Record.Content)));
    }

    async Task<(PluginContent Content, PluginConfig Config)> FetchAsync(
        string id, ImageReference reference, IReadOnlyList<PluginPrivilege> granted, RegistryCredentials? credentials, CancellationToken cancellationToken)
    {
        IRemoteRepository repository = options.Repositories(reference, credentials);
        (PluginManifest manifest, ReadOnlyMemory<byte> bytes, byte[] document) = await PluginContents.LookAsync(repository, reference, cancellationToken);
        PluginConfig config = PluginDocuments.ReadConfig(document);
        if (!PluginPrivilege.AreSame(PluginPrivilege.Of(config), granted))
            throw StrakeException.PermissionDenied($"plugin {reference.Familiar}: incorrect privileges: it wants others than were granted");
        return (await contents.FetchAsync(id, repository, manifest, bytes, document, cancellationToken), config);
    }

    async Task WithNewAsync(string id, string name, Func<Task<(PluginRecord Record, PluginConfig Config)>> make)
    {
        using IDisposable reservation = index.Reserve(name);
        if (index.Find(name) is not null)
            throw StrakeException.AlreadyExists($"plugin {name} already exists");
        try
        {
            (PluginRecord record, PluginConfig config) = await make();
            FaultPoint.Reach("plugin.create.unpacked");
            await records.CreateAsync(id, record, Durability.Synced, CancellationToken.None);
            index.Add(new PluginUnit(id, record, config));
        }
        catch
        {
            // Its blobs go with the next removal, or the next start.
            TreeRemoval.Remove(folder.Of(id));
            throw;
        }
    }

    async Task WriteAsync(PluginUnit unit, PluginRecord record, PluginConfig config)
    {
        await records.UpdateAsync(unit.Id, _ => record, Durability.Synced, CancellationToken.None);
        unit.Record = record;
        unit.Config = config;
    }

    void Tell(string action, string id, string name) =>
        options.Events?.Invoke(new EngineEvent("plugin", action, id, new Dictionary<string, string> { ["name"] = name }, options.Time.GetUtcNow()));

    static string NewId() => RandomNumberGenerator.GetHexString(IdDigits, lowercase: true);

    [LoggerMessage(Level = LogLevel.Error, Message = "plugin {Id}: its record cannot be read")]
    static partial void LogUnreadable(ILogger logger, string id, Exception exception);

    [LoggerMessage(Level = LogLevel.Error, Message = "plugin {Name} cannot be started")]
    static partial void LogNotRecovered(ILogger logger, string name, Exception exception);
}

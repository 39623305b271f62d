using Strake.Volumes.Records;

namespace Strake.Volumes;

/// <summary>
/// How a request becomes a volume: the one that is there under that name, one that a plugin has, a clone, or a new one. What is there is
/// only ever taken as it is or refused.
/// </summary>
sealed class VolumeCreation(VolumeContext context, VolumeCatalog catalog, VolumeCopies copies)
{
    /// <summary>See <see cref="VolumeStore.CreateAsync"/>.</summary>
    public async Task<Volume> RunAsync(VolumeRequest request, CancellationToken cancellationToken)
    {
        VolumeName name = string.IsNullOrEmpty(request.Name) ? request.DrawnName ?? VolumeName.Anonymous() : VolumeName.Parse(request.Name);
        string asked = request.Driver;
        if (context.Drivers.Plugins?.CanonicalOf(asked) is { } canonical)
            request = request with { Driver = canonical };
        // Who asks for a driver that there is not is told so, whatever else may be wrong.
        if (asked.Length > 0)
            await InWordsAsync(name, () => context.Drivers.RequireAsync(asked, cancellationToken));
        if (asked.Length > 0 && !request.DriverOptions.ContainsKey(VolumeCloneRequest.Option))
            await ValidateAsync(context.Drivers.Get(request.Driver), name, request);

        // A clone that is there already is found like any other volume.
        if (VolumeCloneRequest.Of(request, isCopier: context.Drivers.Csi?.Find(request.Driver) is not null) is { } clone && (clone.Target is null || await context.Records.FindAsync(name, cancellationToken) is null))
            return await GetAsync(await copies.CloneAsync(clone, new HashSet<string>(), cancellationToken), cancellationToken);

        using IDisposable turn = await context.Names.EnterAsync(name, cancellationToken);
        if (await context.Records.FindAsync(name, cancellationToken) is { } known)
        {
            if (await ReuseAsync(name, known, request, cancellationToken) is { } reused)
                return reused;
            await context.Records.DeleteAsync(name, known.Revision, cancellationToken);
        }

        return await MakeAsync(name, request, cancellationToken);
    }

    static Task ValidateAsync(IVolumeDriver driver, VolumeName name, VolumeRequest request) => InWordsAsync(name, () =>
    {
        driver.Validate(request.DriverOptions);
        return Task.CompletedTask;
    });

    // In Docker's: what was to be made comes first.
    static async Task InWordsAsync(VolumeName name, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (StrakeException e)
        {
            throw new StrakeException(e.Kind, $"create {name}: {e.Message}", e);
        }
    }

    async Task<Volume> GetAsync(string name, CancellationToken cancellationToken)
    {
        VolumeName parsed = VolumeName.Parse(name);
        return catalog.View(parsed, (await context.Records.GetAsync(parsed, cancellationToken)).Value);
    }

    // Null: its driver has lost it, and nobody misses it here.
    async Task<Volume?> ReuseAsync(
        VolumeName name, Versioned<VolumeRecord> existing, VolumeRequest request, CancellationToken cancellationToken)
    {
        if (context.Drivers.Get(existing.Value.Driver) is ISharedVolumeDriver shared && existing.Value.State is VolumeState.Ready
            && !await IsThereAsync(name, shared, cancellationToken))
        {
            // Who names no driver wants what was there, and would get an empty volume of this machine's in its place.
            return request.Driver.Length > 0
                ? null
                : throw StrakeException.Conflict($"create {name}: volume '{name}' was not found in its driver '{shared.Name}' any more; make it again (docker volume create -d {shared.Name} {name}) or forget it (docker volume rm -f {name})");
        }

        if (request.Driver.Length > 0 && existing.Value.Driver != request.Driver)
            throw StrakeException.Conflict($"create {name}: driver '{existing.Value.Driver}' already has volume '{name}': volume name must be unique");
        existing = await context.Lifecycle.ThereAsync(name, existing, cancellationToken);
        if (request.Attachment is { } attachment)
            await context.Records.WriteAsync(name, existing.Value, existing.Revision, Durability.Eventual, cancellationToken, attachment);
        return catalog.View(name, existing.Value);
    }

    // In Docker's words: what a plugin has is asked, not remembered.
    async Task<bool> IsThereAsync(VolumeName name, ISharedVolumeDriver driver, CancellationToken cancellationToken)
    {
        SharedVolume? found;
        try
        {
            found = await driver.FindAsync(name, cancellationToken);
        }
        catch (StrakeException unknown)
        {
            throw StrakeException.Conflict(
                $"create {name}: found reference to volume '{name}' in driver '{driver.Name}', but got an error while checking the driver: {unknown.Message}: volume name must be unique", unknown);
        }

        if (found is null && (await context.Ledger.OfAsync(name, cancellationToken)).Count > 0)
            throw StrakeException.Conflict(
                $"create {name}: found references to volume '{name}' in driver '{driver.Name}' but the volume was not found in the driver -- you may need to remove containers referencing this volume or force remove the volume to re-create it: volume name must be unique");
        return found is not null;
    }

    async Task<Volume> MakeAsync(VolumeName name, VolumeRequest request, CancellationToken cancellationToken)
    {
        IVolumeDriver driver = await ChooseAsync(name, request, cancellationToken);
        await ValidateAsync(driver, name, request);
        var record = new VolumeRecord(driver.Name, request.DriverOptions, LabelsOf(request), context.Time.GetUtcNow(), VolumeState.Creating);
        if (driver is ISharedVolumeDriver shared && await shared.FindAsync(name, cancellationToken) is not null)
        {
            // Made by somebody else, or in another life of ours: taken as it is.
            record = record with { State = VolumeState.Ready };
            await context.Records.WriteAsync(name, record, revision: 0, Durability.Synced, cancellationToken, request.Attachment);
            return catalog.View(name, record);
        }

        if (driver is IDeferringVolumeDriver deferring && deferring.CanDefer(request.DriverOptions))
            await context.Lifecycle.PromiseAsync(name, record, deferring, request.Attachment, cancellationToken);
        else
            await context.Lifecycle.MakeAsync(
                name, await context.Records.WriteAsync(name, record, revision: 0, Durability.Eventual, cancellationToken, request.Attachment));
        context.Tell("create", name, [new("driver", driver.Name)]);
        return catalog.View(name, record);
    }

    async Task<IVolumeDriver> ChooseAsync(VolumeName name, VolumeRequest request, CancellationToken cancellationToken)
    {
        if (request.Driver.Length > 0)
            return context.Drivers.Get(request.Driver);
        // A name that was just drawn is nobody's.
        bool isDrawn = string.IsNullOrEmpty(request.Name);
        return !isDrawn && await context.Drivers.FindOwnerAsync(name, cancellationToken) is (var owner, _) ? owner : context.Drivers.Default;
    }

    static IReadOnlyDictionary<string, string> LabelsOf(VolumeRequest request) => string.IsNullOrEmpty(request.Name)
        ? new Dictionary<string, string>(request.Labels) { [Volume.AnonymousLabel] = "" }
        : request.Labels;
}

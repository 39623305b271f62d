using System.Globalization;
using Strake.Linux;

namespace Strake.Volumes;

/// <summary>A dataset of ZFS that holds one volume, through the program <c>zfs</c>. What is there already or gone already is fine.</summary>
/// <remarks>
/// A copy is a clone of a snapshot that bears the copy's own last name, so that it can be found from there, and that goes with the last clone of it
/// (<c>zfs destroy -d</c>). A dataset that others are clones of hands its snapshots over to one of them before it goes (<c>zfs promote</c>): volumes
/// and snapshots are removed in any order.
/// </remarks>
/// <param name="Name">Its name, with its pool's.</param>
sealed record ZfsDataset(string Name)
{
    const string Program = "zfs";
    const string Prefix = "strake-volume-";
    const string None = "-";
    const int MostTries = 20;

    // What an image's files have, and what is copied into a volume has with them. All else is as the parent has it.
    static readonly string[] s_properties = ["-o", "mountpoint=legacy", "-o", "xattr=sa", "-o", "acltype=posixacl"];
    static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(20);

    /// <summary>A dataset that nobody has yet; it is only named.</summary>
    /// <param name="parent">The dataset that it will be below.</param>
    public static ZfsDataset Below(string parent) => new($"{parent}/{Prefix}{Guid.NewGuid():N}");

    /// <summary>A dataset beside this one that nobody has yet; it is only named.</summary>
    public ZfsDataset Another() => Below(Parent);

    /// <summary>Whether a text can be the name of a dataset (zfsconcepts(7)); whatever begins with a dash is not.</summary>
    public static bool IsName(string text) => text.Split('/').All(static part =>
        part.Length > 0 && char.IsAsciiLetterOrDigit(part[0]) && part.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':'));

    string Parent => Name[..Name.LastIndexOf('/')];

    string LastName => Name[(Name.LastIndexOf('/') + 1)..];

    /// <summary>Whether it is there.</summary>
    public async Task<bool> ExistsAsync() => await TryGetAsync("name") is not null;

    /// <summary>Makes it, empty; durable on return.</summary>
    public async Task CreateAsync()
    {
        HostProgramResult made = await VolumeProgram.TryAsync(Program, ["create", .. s_properties, Name]);
        if (!made.Status.IsSuccess && !await ExistsAsync())
            throw VolumeProgram.FailureOf(made);
    }

    /// <summary>Makes it with what another has at this moment; durable on return.</summary>
    public async Task CopyAsync(ZfsDataset source)
    {
        string moment = $"{source.Name}@{LastName}";
        await VolumeProgram.RunAsync(Program, 0, "snapshot", moment);
        FaultPoint.Reach("volume.zfs.snapshot-made");
        await VolumeProgram.RunAsync(Program, 0, ["clone", .. s_properties, moment, Name]);
        FaultPoint.Reach("volume.zfs.clone-made");
        await VolumeProgram.RunAsync(Program, 0, "destroy", "-d", moment);
    }

    /// <summary>Bounds what it may hold; what others share with it counts, what only old copies of it hold does not.</summary>
    /// <param name="mostBytes">The most; null: no bound.</param>
    public async Task LimitAsync(long? mostBytes)
    {
        HostProgramResult set = await SetLimitAsync(mostBytes);
        if (set.Status.IsSuccess)
            return;
        // One that is full holds a little more than its limit, and ZFS takes no limit below what there is.
        if (await HeldBytesAsync() is var held && held <= mostBytes)
            throw VolumeProgram.FailureOf(set);
        set = await SetLimitAsync(held);
        if (!set.Status.IsSuccess)
            throw VolumeProgram.FailureOf(set);
    }

    /// <summary>What it holds, as of the last transaction of its pool.</summary>
    public async Task<long> HeldBytesAsync() =>
        long.Parse(await VolumeProgram.RunAsync(Program, 0, "get", "-Hp", "-o", "value", "referenced", Name), CultureInfo.InvariantCulture);

    /// <summary>Removes it; its copies stay.</summary>
    /// <param name="time">The clock of waits: a namespace that still sees its last mount goes a moment after its container.</param>
    /// <exception cref="StrakeException">InUse: it is mounted somewhere.</exception>
    public async Task DestroyAsync(TimeProvider time)
    {
        string? origin = await TryGetAsync("origin");
        if (origin is null)
        {
            await RemoveMomentAsync();
            return;
        }

        // First: the clone keeps it, and without the clone nobody would know it.
        if (origin.EndsWith($"@{LastName}", StringComparison.Ordinal))
            await VolumeProgram.TryAsync(Program, "destroy", "-d", origin);
        HostProgramResult gone = await VolumeProgram.TryAsync(Program, "destroy", "-r", Name);
        for (int tries = 1; !gone.Status.IsSuccess && await ExistsAsync(); tries++)
        {
            if (tries == MostTries)
                throw StrakeException.InUse(gone.Words);
            if (!await TryHandOverAsync())
                await Task.Delay(s_pause, time);
            gone = await VolumeProgram.TryAsync(Program, "destroy", "-r", Name);
        }
    }

    // To one of the clones of one of its snapshots; that one has all older snapshots then. False where there are no clones.
    async Task<bool> TryHandOverAsync()
    {
        HostProgramResult clones = await VolumeProgram.TryAsync(Program, "list", "-H", "-t", "snapshot", "-o", "clones", "-d", "1", Name);
        string? heir = clones.Output.Split('\n').SelectMany(static line => line.Split(',')).FirstOrDefault(static name => name.Length > 0 && name != None);
        return heir is not null && (await VolumeProgram.TryAsync(Program, "promote", heir)).Status.IsSuccess;
    }

    // A copy that was cut short before it was made has left the snapshot that it was to be made of, somewhere beside it.
    async Task RemoveMomentAsync()
    {
        HostProgramResult all = await VolumeProgram.TryAsync(Program, "list", "-H", "-t", "snapshot", "-o", "name", "-d", "2", Parent);
        if (all.Output.Split('\n').FirstOrDefault(name => name.EndsWith($"@{LastName}", StringComparison.Ordinal)) is { } moment)
            await VolumeProgram.TryAsync(Program, "destroy", "-d", moment);
    }

    Task<HostProgramResult> SetLimitAsync(long? mostBytes) => VolumeProgram.TryAsync(
        Program, "set", mostBytes is { } most ? string.Create(CultureInfo.InvariantCulture, $"refquota={most}") : "refquota=none", Name);

    // Null where the dataset is not there.
    async Task<string?> TryGetAsync(string property)
    {
        HostProgramResult got = await VolumeProgram.TryAsync(Program, "list", "-H", "-o", property, Name);
        return got.Status.IsSuccess ? got.Output.Trim() : null;
    }
}

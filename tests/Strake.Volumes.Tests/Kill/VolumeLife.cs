using System.Diagnostics;

namespace Strake.Volumes.Tests.Kill;

/// <summary>
/// This test program started once more, to live a volume's life on a folder and to die of a fault point: made, written, copied, resized, cloned, rolled
/// back, removed.
/// </summary>
static class VolumeLife
{
    const string Variable = "STRAKE_TEST_VOLUME";
    const string Holder = "container/one";

    /// <summary>The volume.</summary>
    public static readonly VolumeName Name = VolumeName.Parse("vol");

    /// <summary>The one that is made of it.</summary>
    public static readonly VolumeName Clone = VolumeName.Parse("clone");

    static readonly SnapshotName s_snapshot = SnapshotName.Parse("before");

    /// <summary>Whether this process is to live it.</summary>
    public static bool IsOne => Environment.GetEnvironmentVariable(Variable) is not null;

    /// <summary>What the volume is made with.</summary>
    /// <param name="backend">Its backend.</param>
    public static Dictionary<string, string> OptionsOf(string backend)
    {
        var options = new Dictionary<string, string> { ["backend"] = backend };
        if (backend != "dir")
            options["size"] = "20m";
        return options;
    }

    /// <summary>Starts a child that lives it, and waits for its end.</summary>
    /// <param name="backend">The backend.</param>
    /// <param name="root">The folder of the volumes.</param>
    /// <param name="fault">A variable of <see cref="FaultPoint"/> and its value.</param>
    /// <param name="cancellationToken">Stops the wait.</param>
    /// <returns>Whether it lived to its end.</returns>
    public static async Task<bool> RunAsync(string backend, string root, (string Name, string Value) fault, CancellationToken cancellationToken)
    {
        // dotnet wants the program's path; a program of its own does not.
        string program = Environment.ProcessPath!;
        string[] arguments = Path.GetFileNameWithoutExtension(program) == "dotnet" ? [typeof(VolumeLife).Assembly.Location] : [];
        var start = new ProcessStartInfo(program, arguments) { UseShellExecute = false };
        start.Environment[Variable] = $"{backend}:{root}";
        start.Environment[fault.Name] = fault.Value;
        using Process child = Process.Start(start)!;
        await child.WaitForExitAsync(cancellationToken);
        return child.ExitCode == 0;
    }

    /// <summary>The child's part.</summary>
    public static async Task LiveAsync()
    {
        string[] parts = Environment.GetEnvironmentVariable(Variable)!.Split(':', 2);
        (string backend, string root) = (parts[0], parts[1]);
        CancellationToken token = CancellationToken.None;
        var driver = new LocalDriver(root);
        await driver.CreateAsync(Name, OptionsOf(backend), token);
        string path = await driver.MountAsync(Name, Holder, token);
        await File.WriteAllTextAsync($"{path}/file", "old", token);
        await driver.SnapshotAsync(Name, s_snapshot, token);
        await File.WriteAllTextAsync($"{path}/file", "new", token);
        if (backend != "dir")
            await driver.ResizeAsync(Name, "30m", token);
        await driver.UnmountAsync(Name, Holder, token);

        await driver.CloneAsync(Name, snapshot: null, Clone, options: null, token);
        await driver.RollBackAsync(Name, s_snapshot, token);
        await driver.RemoveSnapshotAsync(Name, s_snapshot, token);
        await driver.RemoveAsync(Clone, token);
        await driver.MountAsync(Name, Holder, token);
        await driver.UnmountAsync(Name, Holder, token);
        await driver.RemoveAsync(Name, token);
    }
}

using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Strake.EndToEnd.Tests.Harness;

/// <summary>
/// A folder for one engine and its tests, <c>strake-test-e‹pid›-‹n›</c> in the folder for temporary files. The name says whose it is: the
/// next run removes what a killed one left. Short, for a socket's path may have 107 bytes.
/// </summary>
public sealed class TestRoot : IAsyncDisposable
{
    const string Prefix = "strake-test-e";
    static readonly Lazy<Task> s_sweep = new(SweepAsync);
    static int s_count;
    readonly ConcurrentQueue<string> _notes = [];

    TestRoot(string path) => Path = path;

    /// <summary>The folder's path.</summary>
    public string Path { get; }

    /// <summary>Makes a new one, after what earlier runs left has been removed.</summary>
    public static async Task<TestRoot> CreateAsync()
    {
        await s_sweep.Value;
        var number = Interlocked.Increment(ref s_count).ToString(CultureInfo.InvariantCulture);
        var path = System.IO.Path.Combine(System.IO.Path.GetTempPath(), $"{Prefix}{Environment.ProcessId.ToString(CultureInfo.InvariantCulture)}-{number}");
        Directory.CreateDirectory(path);
        return new TestRoot(path);
    }

    /// <summary>A new folder in it, open to every user.</summary>
    public string Folder(string name)
    {
        var path = System.IO.Path.Combine(Path, name);
        Directory.CreateDirectory(path);
        return path;
    }

    /// <summary>Adds to what is said when anything is left below the folder.</summary>
    public void Note(string why) => _notes.Enqueue(why);

    /// <summary>Fails when anything still lives below the folder, and in any case removes it all.</summary>
    public async ValueTask DisposeAsync()
    {
        var left = await LastingAsync();
        await Leftovers.RemoveAsync(Path);
        Assert.True(left.Count == 0, "left behind:\n" + string.Join('\n', left.Concat(_notes)));
    }

    // A monitor of a container ends a moment after its container: what is there after a while is there for good.
    async Task<IReadOnlyList<string>> LastingAsync()
    {
        try
        {
            await Until.TrueAsync(() => Leftovers.Below(Path).Count == 0, "nothing is left", TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException)
        {
            return Leftovers.Below(Path);
        }
        return [];
    }

    static async Task SweepAsync()
    {
        // A run under ./test has a folder of its own for temporary files, beside which those of other runs lie.
        foreach (var parent in Directory.EnumerateDirectories("/tmp", "strake.*").Append(System.IO.Path.GetTempPath()))
        {
            foreach (var folder in Directory.EnumerateDirectories(parent, Prefix + "*"))
            {
                var owner = System.IO.Path.GetFileName(folder)[Prefix.Length..].Split('-')[0];
                // What other tests call strake-test-eXYZ is not ours.
                if (int.TryParse(owner, NumberStyles.None, CultureInfo.InvariantCulture, out var pid) && !IsAlive(pid)) await Leftovers.RemoveAsync(folder);
            }
        }
    }

    static bool IsAlive(int pid)
    {
        try
        {
            using var process = Process.GetProcessById(pid);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}

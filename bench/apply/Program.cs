using System.Diagnostics;
using System.Globalization;
using Strake.Bench.Apply;
using Strake.Layers;
using Strake.Layers.Archive;
using Strake.Linux;

// apply <layer.tar.gz> [rounds] [folder for the disks]
var layer = Path.GetFullPath(args[0]);
var rounds = args.Length > 1 ? int.Parse(args[1], CultureInfo.InvariantCulture) : 5;
var folder = args.Length > 2 ? args[2] : Directory.CreateTempSubdirectory("strake-bench-").FullName;
var plain = Path.Combine(folder, "layer.tar");
Shell.Run($"gzip -dc {layer} > {plain}");

var contenders = new (string Name, Func<FreshDisk, Task> Run)[]
{
    ("tar xzf", disk => Sync(() => Shell.Run($"tar --numeric-owner -C {disk.Layer} -xpzf {layer}"))),
    ("tar -I igzip", disk => Sync(() => Shell.Run($"tar --numeric-owner -C {disk.Layer} -I igzip -xpf {layer}"))),
    ("tar xf, not compressed", disk => Sync(() => Shell.Run($"tar --numeric-owner -C {disk.Layer} -xpf {plain}"))),
    ("strake", disk => ApplyAsync(layer, disk, split: true)),
    ("strake, without record", disk => ApplyAsync(layer, disk, split: false)),
    ("strake, not compressed", disk => ApplyAsync(plain, disk, split: true)),
    ("strake, tar given back", async disk => await RestoreAsync(disk)),
};

var times = contenders.ToDictionary(c => c.Name, _ => new List<double>());
// The first round warms caches and compiles, and is not counted.
for (var round = 0; round <= rounds; round++)
{
    foreach (var (name, run) in contenders)
    {
        using var disk = new FreshDisk(folder);
        if (name.EndsWith("given back", StringComparison.Ordinal)) await ApplyAsync(layer, disk, split: true);
        var cpu = Process.GetCurrentProcess().TotalProcessorTime;
        var watch = Stopwatch.StartNew();
        await run(disk);
        var wall = watch.Elapsed.TotalSeconds;
        cpu = Process.GetCurrentProcess().TotalProcessorTime - cpu;
        if (round > 0) times[name].Add(wall);
        if (Environment.GetEnvironmentVariable("VERBOSE") is not null) Console.WriteLine($"{name}: {wall:F3} s, own cpu {cpu.TotalSeconds:F3} s");
    }
}

var reference = Median(times["tar xzf"]);
foreach (var (name, _) in contenders)
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24} {Median(times[name]):F3} s  {Median(times[name]) / reference:F2}"));
Directory.Delete(folder, recursive: true);

static double Median(List<double> values) => values.Order().ElementAt(values.Count / 2);

static Task Sync(Action action)
{
    action();
    return Task.CompletedTask;
}

static async Task ApplyAsync(string layer, FreshDisk disk, bool split)
{
    await using var source = new FileStream(layer, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);
    await using var record = new FileStream(Path.Combine(disk.Target, "split"), FileMode.Create);
    using var directory = Syscall.Open(disk.Layer, OpenFlags.Directory);
    await LayerApply.ApplyAsync(source, directory, new LayerApplyOptions { Whiteouts = WhiteoutForm.Overlay }, split ? record : null, null, CancellationToken.None);
}

static async Task RestoreAsync(FreshDisk disk)
{
    await using var record = new FileStream(Path.Combine(disk.Target, "split"), FileMode.Open);
    using var directory = Syscall.Open(disk.Layer, OpenFlags.Directory);
    await SplitRecord.WriteTarAsync(record, directory, Stream.Null, () => new MemoryStream(), CancellationToken.None);
}

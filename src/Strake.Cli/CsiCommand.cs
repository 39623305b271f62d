using System.Globalization;
using Strake.Daemon.Composition;
using Strake.Daemon.Csi;
using Strake.Grpc;
using Strake.Linux;
using Strake.State;

namespace Strake.Cli;

/// <summary><c>strake csi</c>: the volumes for an orchestrator, in the foreground; and the recorder that stands in front of any driver.</summary>
static class CsiCommand
{
    /// <summary>Serves or records until a signal ends it; replays until the recording does.</summary>
    /// <returns>0; 1 where rules were broken, or answers differ.</returns>
    public static async Task<int> RunAsync(IReadOnlyList<string> words, TextWriter output, TextWriter log)
    {
        switch (words.Count == 0 ? "" : words[0])
        {
            case "record":
            {
                (string driver, Dictionary<string, string> options) = Parse(words, "listen", "to");
                await using FileStream file = Create(Required(options, "to"));
                await using var recording = new StreamWriter(file);
                return Code(await CsiRecorderHost.RecordAsync(Address(driver), Address(Required(options, "listen")), recording, output));
            }

            case "torture":
            {
                (string driver, Dictionary<string, string> options) = Parse(words, "listen", "seed");
                string text = options.GetValueOrDefault("seed", "1");
                return int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int seed)
                    ? Code(await CsiRecorderHost.TortureAsync(Address(driver), Address(Required(options, "listen")), seed, output))
                    : throw StrakeException.Invalid($"--seed {text} is no number");
            }

            case "replay":
            {
                (string driver, Dictionary<string, string> options) = Parse(words, "from");
                using var recording = new StreamReader(Required(options, "from"));
                return Code(await CsiRecorderHost.ReplayAsync(Address(driver), recording, output));
            }

            default:
                await CsiHost.RunAsync(CsiHostOptions.Parse(words, Environment.GetEnvironmentVariable), log, TimeProvider.System);
                return 0;
        }
    }

    static (string Driver, Dictionary<string, string> Options) Parse(IReadOnlyList<string> words, params string[] known)
    {
        string? driver = null;
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        for (int at = 1; at < words.Count; at++)
        {
            if (!words[at].StartsWith("--", StringComparison.Ordinal))
            {
                driver = driver is null ? words[at] : throw StrakeException.Invalid($"one driver at a time: {words[at]}");
                continue;
            }

            string[] parts = words[at][2..].Split('=', 2);
            if (!known.Contains(parts[0])) throw StrakeException.Invalid($"unknown option: {words[at]}");
            options[parts[0]] = parts.Length == 2 ? parts[1]
                : ++at < words.Count ? words[at]
                : throw StrakeException.Invalid($"the option --{parts[0]} needs a value");
        }

        return (driver ?? throw StrakeException.Invalid("name the driver's socket: unix:///path"), options);
    }

    static string Required(Dictionary<string, string> options, string name) =>
        options.GetValueOrDefault(name) ?? throw StrakeException.Invalid($"the option --{name} is missing");

    static GrpcAddress Address(string text) =>
        GrpcAddress.TryParse(text, out GrpcAddress? address) ? address : throw StrakeException.Invalid($"{text} is no socket: use unix:///path or tcp://host:port");

    // What drivers are asked is its owner's business alone.
    static FileStream Create(string path) =>
        new(path, new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write, UnixCreateMode = Permissions.Octal0600 });

    static int Code(int findings) => findings == 0 ? 0 : Commands.Failed;
}

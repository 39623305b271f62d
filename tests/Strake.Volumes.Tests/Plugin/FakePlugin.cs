using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;

namespace Strake.Volumes.Tests.Plugin;

/// <summary>
/// A volume plugin on a socket: keeps volumes as folders, counts its mounts by their ids as others do, and can be told to answer anything else.
/// </summary>
public sealed class FakePlugin : IAsyncDisposable
{
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly CancellationTokenSource stopping = new();
    readonly ConcurrentBag<Task> connections = [];
    readonly string folder;
    readonly string socket;
    readonly Task accepting;

    public FakePlugin(string socket, string folder)
    {
        (this.socket, this.folder) = (socket, folder);
        Directory.CreateDirectory(folder);
        Directory.CreateDirectory(Path.GetDirectoryName(socket)!);
        listener.Bind(new UnixDomainSocketEndPoint(socket));
        listener.Listen();
        accepting = AcceptAsync();
    }

    /// <summary>Answers in place of the plugin: from the method and the request to the answer; null: as the plugin would.</summary>
    public Func<string, JsonNode?, Task<string?>> Answer { get; set; } = static (_, _) => Task.FromResult<string?>(null);

    /// <summary>What it was asked, in order.</summary>
    public ConcurrentQueue<string> Calls { get; } = [];

    /// <summary>Its volumes, and by which ids each is mounted.</summary>
    public ConcurrentDictionary<string, HashSet<string>> Volumes { get; init; } = new(StringComparer.Ordinal);

    /// <summary>How often it was told of a mount by an id that it had, or of an end by an id that it had not.</summary>
    public int Mistakes { get; private set; }

    public string Scope { get; set; } = "local";

    public string this[string volume] => Path.Combine(folder, volume);

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Dispose();
        File.Delete(socket);
        await accepting;
        await Task.WhenAll(connections);
        stopping.Dispose();
    }

    async Task AcceptAsync()
    {
        try
        {
            while (true)
                connections.Add(ServeAsync(await listener.AcceptAsync(stopping.Token)));
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // It is over.
        }
    }

    async Task ServeAsync(Socket connection)
    {
        await using var stream = new NetworkStream(connection, ownsSocket: true);
        try
        {
            (string method, JsonNode? body) = await ReadAsync(stream);
            Calls.Enqueue(method);
            string answer = await Answer(method, body).WaitAsync(stopping.Token) ?? Behave(method, body);
            byte[] bytes = Encoding.UTF8.GetBytes(answer);
            if (!answer.StartsWith("HTTP/", StringComparison.Ordinal))
                await stream.WriteAsync(Encoding.ASCII.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"), stopping.Token);
            await stream.WriteAsync(bytes, stopping.Token);
            // An answer that does not end, where the test gave one without a length.
            while (answer.EndsWith("endless", StringComparison.Ordinal))
                await stream.WriteAsync(new byte[1 << 16], stopping.Token);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The plugin was killed, or the caller has gone.
        }
    }

    async Task<(string Method, JsonNode? Body)> ReadAsync(Stream stream)
    {
        var head = new List<byte>();
        byte[] one = new byte[1];
        while (!Encoding.ASCII.GetString([.. head.TakeLast(4)]).Equals("\r\n\r\n", StringComparison.Ordinal))
        {
            if (await stream.ReadAsync(one, stopping.Token) == 0)
                throw new IOException("The caller has gone.");
            head.Add(one[0]);
        }

        string[] lines = Encoding.ASCII.GetString([.. head]).Split("\r\n");
        int length = lines.Where(static line => line.StartsWith("Content-Length:", StringComparison.OrdinalIgnoreCase)).Select(static line => int.Parse(line[15..])).FirstOrDefault();
        byte[] body = new byte[length];
        await stream.ReadExactlyAsync(body, stopping.Token);
        return (lines[0].Split(' ')[1].TrimStart('/'), length == 0 ? null : JsonNode.Parse(body));
    }

    string Behave(string method, JsonNode? body)
    {
        string name = body?["Name"]?.GetValue<string>() ?? "";
        string id = body?["ID"]?.GetValue<string>() ?? "";
        lock (Volumes)
        {
            switch (method)
            {
                case "Plugin.Activate":
                    return """{"Implements":["VolumeDriver"]}""";
                case "VolumeDriver.Capabilities":
                    return $$$"""{"Capabilities":{"Scope":"{{{Scope}}}"}}""";
                case "VolumeDriver.Create":
                    Directory.CreateDirectory(this[name]);
                    return Volumes.TryAdd(name, []) ? "{}" : """{"Err":"volume exists"}""";
                case "VolumeDriver.List":
                    return new JsonObject { ["Volumes"] = new JsonArray([.. Volumes.Keys.Select(Describe)]) }.ToJsonString();
            }

            if (!Volumes.TryGetValue(name, out HashSet<string>? ids))
                return """{"Err":"volume not found"}""";
            switch (method)
            {
                case "VolumeDriver.Get":
                    return new JsonObject { ["Volume"] = Describe(name) }.ToJsonString();
                case "VolumeDriver.Path":
                    return $$"""{"Mountpoint":"{{this[name]}}"}""";
                case "VolumeDriver.Mount":
                    if (ids.Add(id))
                        return $$"""{"Mountpoint":"{{this[name]}}"}""";
                    Mistakes++;
                    return """{"Err":"already mounted by this id"}""";
                case "VolumeDriver.Unmount":
                    if (ids.Remove(id))
                        return "{}";
                    Mistakes++;
                    return """{"Err":"not mounted by this id"}""";
                case "VolumeDriver.Remove":
                    if (ids.Count > 0)
                        return """{"Err":"volume is in use"}""";
                    Volumes.TryRemove(name, out _);
                    Directory.Delete(this[name], recursive: true);
                    return "{}";
                default:
                    return "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            }
        }
    }

    JsonNode? Describe(string name) => new JsonObject { ["Name"] = name, ["Mountpoint"] = this[name], ["Status"] = new JsonObject { ["Mounts"] = Volumes[name].Count } };
}

using System.Buffers;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Strake.Kubernetes.Api;
using Strake.Kubernetes.Kinds;
using Strake.Kubernetes.Objects;

namespace Strake.Daemon.KubernetesApi;

/// <summary>Calls that read: one object, a list, a watch.</summary>
/// <param name="objects">The objects.</param>
/// <param name="lister">Lists.</param>
/// <param name="watcher">Watches.</param>
/// <param name="time">The clock of ages and of watches' ends.</param>
sealed class ReadCalls(ObjectStore objects, ObjectLister lister, ObjectWatcher watcher, TimeProvider time)
{
    const long DefaultWatchSeconds = 3600;

    /// <summary>Answers with an object.</summary>
    public async Task GetAsync(KubernetesExchange exchange, ResourceKind kind) =>
        await WriteAsync(exchange, kind, await objects.GetAsync(kind, KubernetesCalls.NameOf(exchange.Path, kind), exchange.Aborted));

    /// <summary>Answers with the number of replicas.</summary>
    public async Task GetScaleAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        StoredObject item = await objects.GetAsync(kind, KubernetesCalls.NameOf(exchange.Path, kind), exchange.Aborted);
        await exchange.WriteAsync(ScaleDocument.Of(item), StatusCodes.Status200OK, "application/json");
    }

    /// <summary>Answers with an object in the form that the client wants.</summary>
    public async Task WriteAsync(KubernetesExchange exchange, ResourceKind kind, StoredObject item, int status = StatusCodes.Status200OK)
    {
        AnswerForm form = exchange.Form;
        if (form.Kind is AnswerKind.Object) await exchange.WriteAsync(ObjectJson.Served(item, kind), status, "application/json");
        else if (form.Kind is AnswerKind.Metadata) await exchange.WriteAsync(writer => PartialObject.Write(writer, item, $"meta.k8s.io/{form.Version}"), status);
        else await exchange.WriteAsync(writer => TableOf(exchange, kind, form).Write(writer, [item], one => WriteVersion(one, item.Revision)), status);
    }

    /// <summary>Answers with a list.</summary>
    public async Task ListAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        AnswerForm form = exchange.Form;
        ListPage page = await lister.ListAsync(
            new ListRequest(SelectionOf(exchange, kind))
            {
                Limit = (int)Math.Clamp(exchange.Number("limit") ?? 0, 0, int.MaxValue),
                Continue = exchange.Query("continue"),
                ResourceVersion = exchange.Query("resourceVersion"),
                VersionMatch = exchange.Query("resourceVersionMatch"),
            },
            exchange.Aborted);
        if (form.Kind is AnswerKind.Table)
            await exchange.WriteAsync(writer => TableOf(exchange, kind, form).Write(writer, page.Items, one => WriteListMetadata(one, page)));
        else
            await exchange.WriteAsync(ListBytes(kind, page, form), StatusCodes.Status200OK, "application/json");
    }

    /// <summary>Answers with changes as they come.</summary>
    public async Task WatchAsync(KubernetesExchange exchange, ResourceKind kind)
    {
        AnswerForm form = exchange.Form;
        var request = new WatchRequest(SelectionOf(exchange, kind))
        {
            ResourceVersion = exchange.Query("resourceVersion"),
            AllowsBookmarks = exchange.Flag("allowWatchBookmarks"),
            SendsInitialEvents = exchange.Flag("sendInitialEvents"),
        };
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(exchange.Aborted, exchange.Stopping);
        using var late = new CancellationTokenSource(TimeSpan.FromSeconds(exchange.Number("timeoutSeconds") is { } seconds and > 0 ? seconds : DefaultWatchSeconds), time);
        await using var _ = late.Token.UnsafeRegister(static state => ((CancellationTokenSource)state!).Cancel(), ending);
        await using var messages = watcher.WatchAsync(request, ending.Token).GetAsyncEnumerator(ending.Token);
        // What cannot be watched is refused with a status of its own, before the first byte.
        Task<bool> first = messages.MoveNextAsync().AsTask();
        try
        {
            if (first.IsCompleted) await first;
            await StartStreamAsync(exchange, form);
            await SendAsync(exchange, kind, form, messages, first, ending.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested)
        {
            // The time that the client gave is over: the stream ends as it should.
        }
        finally
        {
            // Whoever waits must be done before the watch can be closed.
            await ending.CancelAsync();
            await ((Task)first).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    async Task SendAsync(
        KubernetesExchange exchange, ResourceKind kind, AnswerForm form, IAsyncEnumerator<WatchMessage> messages, Task<bool> first, CancellationToken cancellationToken)
    {
        TableWriter? table = form.Kind is AnswerKind.Table ? TableOf(exchange, kind, form) : null;
        bool hasColumns = true;
        try
        {
            for (bool more = await first; more; more = await messages.MoveNextAsync())
            {
                await exchange.Http.Response.Body.WriteAsync(MessageBytes(messages.Current, kind, form, table, hasColumns), cancellationToken);
                await exchange.Http.Response.Body.FlushAsync(cancellationToken);
                hasColumns = false;
            }
        }
        catch (StatusException e)
        {
            await exchange.Http.Response.Body.WriteAsync(ErrorBytes(e.Status), cancellationToken);
        }
    }

    static async Task StartStreamAsync(KubernetesExchange exchange, AnswerForm form)
    {
        exchange.Http.Response.ContentType = form.Kind is AnswerKind.Object ? "application/json" : $"application/json;as={(form.Kind is AnswerKind.Table ? "Table" : "PartialObjectMetadata")};g=meta.k8s.io;v={form.Version}";
        exchange.Http.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await exchange.Http.Response.StartAsync(exchange.Aborted);
        await exchange.Http.Response.Body.FlushAsync(exchange.Aborted);
    }

    static Selection SelectionOf(KubernetesExchange exchange, ResourceKind kind)
    {
        string fields = exchange.Query("fieldSelector");
        if (exchange.Path.Name.Length > 0) fields = $"metadata.name={exchange.Path.Name}{(fields.Length > 0 ? "," + fields : "")}";
        return new(kind, exchange.Path.Namespace, LabelSelector.Parse(exchange.Query("labelSelector")), FieldSelector.Parse(fields, kind));
    }

    TableWriter TableOf(KubernetesExchange exchange, ResourceKind kind, AnswerForm form) => new(kind, form.Version, exchange.Query("includeObject"), time.GetUtcNow());

    static ReadOnlyMemory<byte> ListBytes(ResourceKind kind, ListPage page, AnswerForm form)
    {
        var buffer = new ArrayBufferWriter<byte>(page.Items.Sum(static item => item.Json.Length + 128) + 256);
        bool isWhole = form.Kind is AnswerKind.Object;
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("kind", isWhole ? kind.Kind + "List" : "PartialObjectMetadataList");
            writer.WriteString("apiVersion", isWhole ? kind.GroupVersion.ToString() : $"meta.k8s.io/{form.Version}");
            writer.WritePropertyName("metadata");
            WriteListMetadata(writer, page);
            writer.WriteStartArray("items");
            if (!isWhole)
                foreach (StoredObject item in page.Items) PartialObject.Write(writer, item, $"meta.k8s.io/{form.Version}");
            writer.Flush();
            // Around the writer: bytes that are JSON already need neither copying nor checking.
            if (isWhole) WriteItems(buffer, kind, page);
            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    static void WriteItems(ArrayBufferWriter<byte> buffer, ResourceKind kind, ListPage page)
    {
        bool isFirst = true;
        foreach (StoredObject item in page.Items)
        {
            if (!isFirst) buffer.Write(","u8);
            isFirst = false;
            ObjectJson.WriteServed(buffer, item, kind);
        }
    }

    static byte[] MessageBytes(WatchMessage message, ResourceKind kind, AnswerForm form, TableWriter? table, bool hasColumns)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("type", message.Type);
            writer.WritePropertyName("object");
            if (message.Object is not { } item) WriteBookmark(writer, message, kind, form);
            else if (table is not null) table.Write(writer, [item], one => WriteVersion(one, item.Revision), hasColumns);
            else if (form.Kind is AnswerKind.Metadata) PartialObject.Write(writer, item, $"meta.k8s.io/{form.Version}");
            else writer.WriteRawValue(ObjectJson.Served(item, kind), skipInputValidation: true);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteBookmark(Utf8JsonWriter writer, WatchMessage message, ResourceKind kind, AnswerForm form)
    {
        (string apiVersion, string name) = form.Kind switch
        {
            AnswerKind.Table => ($"meta.k8s.io/{form.Version}", "Table"),
            AnswerKind.Metadata => ($"meta.k8s.io/{form.Version}", "PartialObjectMetadata"),
            _ => (kind.GroupVersion.ToString(), kind.Kind),
        };
        writer.WriteStartObject();
        writer.WriteString("kind", name);
        writer.WriteString("apiVersion", apiVersion);
        writer.WriteStartObject("metadata");
        writer.WriteString("resourceVersion", message.Revision.ToString(CultureInfo.InvariantCulture));
        if (message.EndsInitial)
        {
            writer.WriteStartObject("annotations");
            writer.WriteString("k8s.io/initial-events-end", "true");
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    static byte[] ErrorBytes(ApiStatus status)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer, ObjectJson.Writing))
        {
            writer.WriteStartObject();
            writer.WriteString("type", "ERROR");
            writer.WritePropertyName("object");
            StatusAnswer.Write(writer, status);
            writer.WriteEndObject();
        }

        buffer.Write("\n"u8);
        return buffer.WrittenSpan.ToArray();
    }

    static void WriteVersion(Utf8JsonWriter writer, long revision)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceVersion", revision.ToString(CultureInfo.InvariantCulture));
        writer.WriteEndObject();
    }

    static void WriteListMetadata(Utf8JsonWriter writer, ListPage page)
    {
        writer.WriteStartObject();
        writer.WriteString("resourceVersion", page.Revision.ToString(CultureInfo.InvariantCulture));
        if (page.Continue.Length > 0) writer.WriteString("continue", page.Continue);
        if (page.Remaining is { } remaining) writer.WriteNumber("remainingItemCount", remaining);
        writer.WriteEndObject();
    }
}

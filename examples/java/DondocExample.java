// Another system calls Dondoc: with a certificate, a deadline, and every write safe to repeat.
//
//   DondocExample ADDRESS CA CERTIFICATE KEY list              every unit, page by page
//   DondocExample ADDRESS CA CERTIFICATE KEY show units/ID     one unit
//   DondocExample ADDRESS CA CERTIFICATE KEY add ID NAME       adds a division, once
//   DondocExample ADDRESS CA CERTIFICATE KEY report NAME PER   how far an assignment is, in per cent
//   DondocExample ADDRESS CA CERTIFICATE KEY watch FROM COUNT  the log from a sequence on
//
// ADDRESS is host:port of the edge, the others are PEM files (the key as PKCS #8). Ends with 0 when it
// was done, 1 when it was refused, 2 for a wrong command line, 4 when nobody answered.

import com.google.protobuf.Any;
import com.google.protobuf.InvalidProtocolBufferException;
import dondoc.common.v1.Error.ErrorInfo;
import dondoc.common.v1.Error.RefusalStatus;
import dondoc.registry.v1.RegistryServiceGrpc;
import dondoc.registry.v1.RegistryServiceGrpc.RegistryServiceBlockingStub;
import dondoc.registry.v1.RegistryServiceOuterClass.AddUnitRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.AddUnitResponse;
import dondoc.registry.v1.RegistryServiceOuterClass.GetAssignmentRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.GetUnitRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.ListUnitsRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.ListUnitsResponse;
import dondoc.registry.v1.RegistryServiceOuterClass.ReportProgressRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.WatchChangesRequest;
import dondoc.registry.v1.RegistryServiceOuterClass.WatchChangesResponse;
import dondoc.registry.v1.TaskOuterClass.Assignment;
import dondoc.registry.v1.UnitOuterClass.Unit;
import dondoc.registry.v1.UnitOuterClass.UnitKind;
import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import java.io.File;
import java.io.IOException;
import java.util.Iterator;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

public final class DondocExample {
  private static final long DEADLINE_MS = 20_000;
  private static final int TRIES = 25;
  // How long a watch tries to get back to a service that is away.
  private static final long WATCH_PATIENCE_MS = 60_000;
  private static final Metadata.Key<byte[]> DETAILS =
      Metadata.Key.of("grpc-status-details-bin", Metadata.BINARY_BYTE_MARSHALLER);

  // A channel over mutual TLS. It connects when it is first used, and again by itself.
  static ManagedChannel connect(String[] words) throws IOException {
    TlsChannelCredentials.Builder credentials = TlsChannelCredentials.newBuilder()
        .trustManager(new File(words[1])).keyManager(new File(words[2]), new File(words[3]));
    // So that a watch notices a peer that vanished; the servers allow one ping every 20 s.
    return Grpc.newChannelBuilder(words[0], credentials.build())
        .keepAliveTime(30, TimeUnit.SECONDS).keepAliveTimeout(10, TimeUnit.SECONDS).build();
  }

  // One call within its deadline. UNAVAILABLE is tried again with the same request, and so with the
  // same request_id: what was done already is answered again, not done again.
  static <T> T call(RegistryServiceBlockingStub stub,
                    Function<RegistryServiceBlockingStub, T> method) throws InterruptedException {
    long deadline = System.currentTimeMillis() + DEADLINE_MS;
    for (int attempt = 1;; ++attempt) {
      long left = Math.max(1, deadline - System.currentTimeMillis());
      try {
        return method.apply(stub.withDeadlineAfter(left, TimeUnit.MILLISECONDS));
      } catch (StatusRuntimeException error) {
        long pause = Math.min(100L << attempt, 1_000);
        boolean again = error.getStatus().getCode() == Status.Code.UNAVAILABLE && attempt < TRIES;
        if (!again || System.currentTimeMillis() + pause > deadline) throw error;
        Thread.sleep(pause);
      }
    }
  }

  // The reason of a refusal; "" when it carries none.
  static String reasonOf(StatusRuntimeException error) throws InvalidProtocolBufferException {
    byte[] bytes = error.getTrailers() == null ? null : error.getTrailers().get(DETAILS);
    if (bytes == null) return "";
    for (Any detail : RefusalStatus.parseFrom(bytes).getDetailsList()) {
      // Not unpack(): the type is named google.rpc.ErrorInfo, whose fields these are.
      if (detail.getTypeUrl().endsWith("/google.rpc.ErrorInfo")) {
        return ErrorInfo.parseFrom(detail.getValue()).getReason();
      }
    }
    return "";
  }

  // Every unit: pages follow until one has no token.
  static void list(RegistryServiceBlockingStub stub) throws InterruptedException {
    String token = "";
    do {
      ListUnitsRequest request =
          ListUnitsRequest.newBuilder().setPageSize(2).setPageToken(token).build();
      ListUnitsResponse page = call(stub, s -> s.listUnits(request));
      for (Unit unit : page.getUnitsList()) {
        System.out.println(unit.getName() + " " + unit.getDisplayName());
      }
      token = page.getNextPageToken();
    } while (!token.isEmpty());
  }

  static void show(RegistryServiceBlockingStub stub, String name) throws InterruptedException {
    GetUnitRequest request = GetUnitRequest.newBuilder().setName(name).build();
    System.out.println(call(stub, s -> s.getUnit(request)).getUnit().getDisplayName());
  }

  // Adds a division, and asks for the same once more, as after an answer that got lost.
  static void add(RegistryServiceBlockingStub stub, String id, String displayName)
      throws InterruptedException {
    AddUnitRequest request = AddUnitRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setUnit(Unit.newBuilder().setName("units/" + id).setDisplayName(displayName)
            .setKind(UnitKind.UNIT_KIND_DIVISION).setValidFrom("2023-01-01"))
        .build();
    AddUnitResponse first = call(stub, s -> s.addUnit(request));
    AddUnitResponse again = call(stub, s -> s.addUnit(request));
    if (!first.equals(again)) throw new AssertionError("a repetition gets the first answer");
    System.out.println(first.getUnit().getName() + " " + first.getUnit().getEtag());
  }

  // Says how far the work on an assignment is; refused when somebody has changed it since it was read.
  static void report(RegistryServiceBlockingStub stub, String name, int percent)
      throws InterruptedException {
    GetAssignmentRequest what = GetAssignmentRequest.newBuilder().setName(name).build();
    Assignment seen = call(stub, s -> s.getAssignment(what)).getAssignment();
    ReportProgressRequest request = ReportProgressRequest.newBuilder()
        .setRequestId(UUID.randomUUID().toString())
        .setName(name).setEtag(seen.getEtag()).setPercent(percent)
        .build();
    Assignment now = call(stub, s -> s.reportProgress(request)).getAssignment();
    System.out.println(now.getName() + " " + now.getPercent());
  }

  // Prints `count` changes from `sequence` on. A real system keeps the last sequence with what it
  // made of it, in one transaction; then nothing is missed and nothing is done twice.
  static void watch(RegistryServiceBlockingStub stub, long sequence, int count)
      throws InterruptedException {
    long heard = System.currentTimeMillis();
    while (count > 0) {
      Context.CancellableContext context = Context.current().withCancellation();
      Context before = context.attach();
      try {
        Iterator<WatchChangesResponse> stream = stub.watchChanges(
            WatchChangesRequest.newBuilder().setFromSequence(sequence).build());
        while (count > 0 && stream.hasNext()) {
          WatchChangesResponse answer = stream.next();
          heard = System.currentTimeMillis();
          System.out.println(answer.getChange().getSequence() + " " + answer.getChange().getType()
              + " " + answer.getChange().getName());
          sequence = answer.getChange().getSequence() + 1;
          --count;
        }
      } catch (StatusRuntimeException error) {
        boolean patient = System.currentTimeMillis() - heard < WATCH_PATIENCE_MS;
        if (error.getStatus().getCode() != Status.Code.UNAVAILABLE || !patient) throw error;
        Thread.sleep(500);
      } finally {
        context.detach(before);
        context.cancel(null);
      }
    }
  }

  static int run(String[] words) throws Exception {
    String command = words.length > 4 ? words[4] + " " + (words.length - 5) : "";
    if (!command.matches("list 0|show 1|add 2|report 2|watch 2")) {
      System.err.println("DondocExample ADDRESS CA CERTIFICATE KEY list | show units/ID | add ID NAME"
          + " | report NAME PER | watch FROM COUNT");
      return 2;
    }
    ManagedChannel channel = connect(words);
    try {
      RegistryServiceBlockingStub stub = RegistryServiceGrpc.newBlockingStub(channel);
      switch (words[4]) {
        case "list": list(stub); break;
        case "show": show(stub, words[5]); break;
        case "add": add(stub, words[5], words[6]); break;
        case "report": report(stub, words[5], Integer.parseInt(words[6])); break;
        default: watch(stub, Long.parseLong(words[5]), Integer.parseInt(words[6]));
      }
      return 0;
    } catch (StatusRuntimeException error) {
      Status.Code code = error.getStatus().getCode();
      System.err.println(code + " " + reasonOf(error) + " " + error.getStatus().getDescription());
      return code == Status.Code.UNAVAILABLE || code == Status.Code.DEADLINE_EXCEEDED ? 4 : 1;
    } finally {
      channel.shutdownNow();
    }
  }

  public static void main(String[] words) throws Exception {
    System.exit(run(words));
  }
}

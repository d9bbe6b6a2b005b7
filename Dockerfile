# Builds the binaries, then leaves everything but it behind.
FROM rust:1.95-bookworm AS build
WORKDIR /build
COPY Cargo.toml Cargo.lock ./
COPY src src
COPY benches benches
COPY web web
COPY migrations migrations
RUN cargo build --release --locked && strip target/release/tereze target/release/tereze-load && mkdir empty

FROM gcr.io/distroless/cc-debian12:nonroot
COPY --from=build /build/target/release/tereze /build/target/release/tereze-load /usr/local/bin/
# The configuration and the data are mounted; the image holds neither keys nor passwords.
COPY --from=build --chown=nonroot:nonroot /build/empty /var/lib/tereze
WORKDIR /var/lib/tereze
VOLUME /var/lib/tereze
EXPOSE 8443/tcp 8443/udp
ENTRYPOINT ["/usr/local/bin/tereze"]
CMD ["serve", "--config", "/etc/tereze/tereze.toml"]
